# syntax=docker/dockerfile:1

# The design system and the font; Node is needed nowhere else.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The virtual environment, the collected static files and the compiled translations.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
# Debian keeps one version of each package, with its security updates: nothing to pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
COPY --from=packages /app/node_modules node_modules
COPY . .
# Built as a demo: no secret is needed for this, and none is in the image.
RUN ENVIRONMENT=demo python manage.py compilemessages --ignore .venv \
    && ENVIRONMENT=demo ASSETS_DIR=/tmp/assets python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q kpr_portal reservations insight .venv/lib \
    && rm -rf node_modules package.json package-lock.json

FROM python:3.11-slim-bookworm AS final
# The client for backup and restore must not be older than the server: Debian's own is 15.
ARG POSTGRES_CLIENT=postgresql-client-15
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "${POSTGRES_CLIENT}" \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin kpr
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    XDG_CACHE_HOME=/tmp/cache
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["deploy/entrypoint", "health", "web"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]
