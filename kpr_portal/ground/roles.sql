-- The three logins of the portal, made when a server is set up (docs/architecture.md, decision 3).
--
-- Run as superuser in the portal's database, as often as you like. Passwords come from the settings
-- kpr.kpr_owner_password, kpr.kpr_web_password and kpr.kpr_keeper_password where they are given:
--   PGOPTIONS="-c kpr.kpr_web_password=..." psql -f roles.sql kpr
--
-- What each login may do with each table is granted after every migration, by its owner.

DO $$
DECLARE
    login text;
    secret text;
BEGIN
    FOREACH login IN ARRAY ARRAY['kpr_owner', 'kpr_web', 'kpr_keeper'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', login);
        END IF;
        secret := current_setting('kpr.' || login || '_password', true);
        IF secret <> '' THEN
            EXECUTE format('ALTER ROLE %I PASSWORD %L', login, secret);
        END IF;
    END LOOP;

    EXECUTE format('ALTER DATABASE %I OWNER TO kpr_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    -- A cluster that began before PostgreSQL 15 lets everybody make tables there.
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO kpr_web, kpr_keeper', current_database());
END
$$;

-- The owner may take on the others' roles (tests do), and gains nothing by inheritance.
GRANT kpr_web, kpr_keeper TO kpr_owner;
