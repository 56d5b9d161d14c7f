# make demo   sets up everything, takes the shipped study from its export to the report; names the report
# make test   sets up everything and runs the checks and the tests
# Needs Python 3.11 or newer (PYTHON=python3.12 picks another one) and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: demo test fast lint browser server clean

demo: $(VENV)/.installed
	$(BIN)/themecoder import
	$(BIN)/themecoder run

test: lint browser server
	$(BIN)/pytest -n auto -m "not slow and not server and not browser" --durations=5
	$(BIN)/pytest -n 2 --dist loadfile -m "slow or server or browser" --durations=10

fast: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto -m "not slow and not server and not browser"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# The page is tested in a real browser. Debian's chromium is installed where that is allowed,
# else the tests say what to install.
browser: $(VENV)/.installed-dev
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else \
		echo "The browser tests need chromium: sudo apt-get install chromium"; \
	fi
endif

# Label Studio in an environment of its own: it holds back versions of packages that themecoder uses.
server: .venv-server/.installed

.venv-server/.installed:
	$(PYTHON) -m venv .venv-server
	.venv-server/bin/python -m pip install --quiet --disable-pip-version-check 'label-studio>=1.23,<1.24'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "themecoder needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# irrCAC is asked for by the tests of agreement; it insists on one old scipy, which it does not need.
$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'irrCAC==0.4.4'
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) .themecoder
