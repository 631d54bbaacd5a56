#!/usr/bin/env bash
# Run once by PostgreSQL's own image, as superuser in the portal's empty database: makes the three logins.
# Passwords come from the environment and stand in no command line.
set -euo pipefail
roles="${ROLES_SQL:-/opt/kpr/roles.sql}"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --output=/dev/null \
  --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-kpr}" <<SQL
\getenv owner KPR_OWNER_PASSWORD
\getenv web KPR_WEB_PASSWORD
\getenv keeper KPR_KEEPER_PASSWORD
SELECT set_config('kpr.kpr_owner_password', :'owner', false),
       set_config('kpr.kpr_web_password', :'web', false),
       set_config('kpr.kpr_keeper_password', :'keeper', false);
\i $roles
SQL
