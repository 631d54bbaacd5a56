# The portal in a few commands; `make help` lists them. Each installs what it needs where that is missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

SYSTEM_PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PYTHON := $(BIN)/python
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
TRANSLATIONS := $(wildcard locale/*/LC_MESSAGES/django.po)

# $(call apt,packages): install those of these Debian packages that are missing. A new machine may be busy
# with its own updates at first: that is waited for.
define apt
	missing=""; for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  $(SUDO) apt-get update -qq; \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get install -y -qq \
	    -o DPkg::Lock::Timeout=300 --no-install-recommends $$missing >/dev/null; \
	fi
endef

# $(call packages,lock): install a lock with hashes; uv is quick, pip serves where uv cannot reach the index.
define packages
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r $(1) \
	  || $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

.PHONY: help
help: ## List the commands
	@echo "PORT= and DATA_DIR= choose where \`make run\` answers and keeps its data; POPULATION= how many people it has."
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 16

.PHONY: run
run: install ## Start the portal and all it needs; Ctrl-C stops it
	@exec $(PYTHON) manage.py run

.PHONY: test
test: install-dev .venv/.translations ## Run every test
	@$(PYTHON) -m pytest -n 2 --dist worksteal -q -m "not soak and not alone"
	@$(PYTHON) -m pytest -q -m "alone and not soak" || [ $$? = 5 ]

.PHONY: soak
soak: install-dev .venv/.translations ## Run the tests that take long
	@$(PYTHON) -m pytest -q -m soak

.PHONY: check
check: install-dev .venv/.translations ## Look for mistakes without running the tests
	@echo "Code style"; $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "Types"; $(BIN)/mypy --no-error-summary
	@echo "Imports"; found=$$($(BIN)/lint-imports 2>&1) || { echo "$$found"; exit 1; }
	@echo "Templates"; find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2 \
	  && $(BIN)/djlint --quiet --lint templates
	@echo "Migrations"; $(PYTHON) manage.py makemigrations --check --dry-run --verbosity 0
	@echo "Settings"; $(PYTHON) manage.py check --fail-level WARNING | sed '/no issues/d'
	@echo "Translations"; $(PYTHON) -m pytest -q --no-header tests/guards/test_translations.py
	@echo "Dockerfile"; $(BIN)/hadolint Dockerfile
	@echo "docker-compose.yml"; $(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: bench
bench: install-dev ## Measure, and print a table of ratios
	@exec $(PYTHON) -m bench

.PHONY: reset
reset: .venv/.run ## Clear the data of `make run`
	@$(PYTHON) manage.py reset

.PHONY: install
install: .venv/.apt-run .venv/.run node_modules/.stamp

.PHONY: install-dev
install-dev: .venv/.apt-run .venv/.apt-dev .venv/.dev node_modules/.stamp

.venv/.made: requirements-uv.txt
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Python 3.11 is needed; found $(SYSTEM_PYTHON)."; exit 1; }
	@$(SYSTEM_PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call apt,python3-venv); }
	@echo "Making a virtual environment"
	@$(SYSTEM_PYTHON) -m venv .venv
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.run: requirements-run.txt .venv/.made
	@echo "Installing Python packages"
	@$(call packages,requirements-run.txt)
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.made
	@echo "Installing Python packages for development"
	@$(call packages,requirements-dev.txt)
	@touch $@ .venv/.run

# WeasyPrint draws PDF files with these.
.venv/.apt-run: | .venv/.made
	@$(call apt,libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
	@touch $@

# The journeys need a browser, its driver libatomic; the PDF tests a reader; the translations' guard xgettext.
.venv/.apt-dev: | .venv/.made
	@wanted=libatomic1; \
	  command -v chromium >/dev/null || wanted="$$wanted chromium"; \
	  command -v pdftotext >/dev/null || wanted="$$wanted poppler-utils"; \
	  command -v qpdf >/dev/null || wanted="$$wanted qpdf"; \
	  command -v xgettext >/dev/null || wanted="$$wanted gettext"; \
	  $(call apt,$$wanted)
	@touch $@

node_modules/.stamp: package-lock.json | .venv/.made
	@echo "Installing packages from npm"
	@npm=$$(command -v npm) || { $(MAKE) --silent --no-print-directory .venv/.run; npm=$(BIN)/npm; }; \
	  $$npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

.venv/.translations: $(TRANSLATIONS) | .venv/.run
	@$(if $(TRANSLATIONS),$(PYTHON) -m babel.messages.frontend -q compile -d locale -D django)
	@touch $@
