# Every target prepares what it needs, so `make run`, `make demo` and `make test` work in a fresh
# clone. uv installs in seconds when it is on the PATH; else pip does the same from the same locks.

VENV  ?= .venv
BIN   := $(VENV)/bin
ENV_PYTHON := $(BIN)/python
DIST  := $(VENV)/dist
UV    := $(shell command -v uv 2>/dev/null)

# The first Python that is new enough and, where pip has to do, can make a virtual environment.
USABLE := import sys; assert sys.version_info >= (3, 11)$(if $(UV),,; import ensurepip, venv)
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c "$(USABLE)" 2>/dev/null && command -v $$p && break; done)

ifdef UV
INSTALL := $(UV) pip install --quiet --python $(ENV_PYTHON)
else
INSTALL := $(ENV_PYTHON) -m pip install -qq --disable-pip-version-check
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup dev node run demo test test-slow lint fix types imports vectors interop fuzz-api \
	catalogues migrations docs wheel check bench fuzz faults locks

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- environment ---------------------------------------------------------------------------

setup: $(VENV)/.runtime ## Make .venv with the skillpassport command
	@echo "Ready: $(BIN)/skillpassport"

dev: $(VENV)/.dev ## Make .venv with the development tools as well

$(ENV_PYTHON):
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer is needed, with its venv module, and none was found." >&2; \
		echo "Install one (Debian: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@echo "Making $(VENV) with $(PYTHON) and $(if $(UV),uv,pip)"
	@$(if $(UV),$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))

# Hashed locks first, then the package itself: nothing is resolved and nothing built in isolation.
$(VENV)/.runtime: locks/runtime.txt pyproject.toml | $(ENV_PYTHON)
	@echo "Installing what the service needs (locks/runtime.txt)"
	@$(INSTALL) --require-hashes -r locks/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.runtime
	@echo "Installing the development tools (locks/dev.txt)"
	@$(INSTALL) --require-hashes -r locks/dev.txt
	@touch $@

# Other makers' libraries that tests and benchmarks put beside ours. They are found from scripts in
# the checkout through a link, so that the checkout stays free of them.
node: $(VENV)/node/.installed ## Install the libraries in Node that tests and benchmarks compare with

$(VENV)/node/.installed: peers/package-lock.json | $(ENV_PYTHON)
	@command -v npm >/dev/null || { echo "npm is needed (Debian: apt install nodejs npm)." >&2; exit 1; }
	@echo "Installing libraries to compare with (peers/package-lock.json)"
	@mkdir -p $(VENV)/node && cp peers/package.json peers/package-lock.json $(VENV)/node/
	@ln -sfn "$(CURDIR)/peers" $(VENV)/node/peers
	@npm ci --prefix $(VENV)/node --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null
	@touch $@

# --- the product ---------------------------------------------------------------------------

run: $(VENV)/.runtime ## Serve the seeded demonstration on http://localhost:8000 (ARGS="--port 8001")
	@SKILLPASSPORT_SEED=$${SKILLPASSPORT_SEED:-demo} $(BIN)/skillpassport serve $(ARGS)

demo: $(VENV)/.runtime ## Tell the whole story in the terminal: issue, verify, tamper, revoke
	@$(BIN)/skillpassport demo $(ARGS)

# --- checks --------------------------------------------------------------------------------

test: $(VENV)/.dev ## Run the tests (T=tests/vc for some files, K=revoked for some names)
	@$(BIN)/pytest -n auto --dist worksteal $(T) $(if $(K),-k "$(K)")

test-slow: $(VENV)/.dev ## Run the slow tests: a browser, processes that are started, restored, raced, every column edited
	@$(BIN)/pytest -n auto --dist worksteal -m slow $(T)

lint: $(VENV)/.dev ## Check style (ruff) and layout
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Layout differs; run: make fix" >&2; exit 1; }

fix: $(VENV)/.dev ## Mend what ruff can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

types: $(VENV)/.dev ## Check types (mypy --strict)
	@$(BIN)/mypy

imports: $(VENV)/.dev ## Check that each package imports only what lies below it
	@$(BIN)/lint-imports --no-cache

vectors: $(VENV)/.dev ## Make our golden vectors anew; a difference is an error
	@for make in tests/vectors/*/make.py; do $(ENV_PYTHON) $$make || exit 1; done
	@git diff --exit-code --stat -- tests/vectors

fuzz-api: $(VENV)/.dev ## Send what the API description allows to a running server (CASES=100 KEY=sp_… ADDRESS=…)
	@$(BIN)/st --config-file tests/contract/schemathesis.toml run $(ADDRESS)/openapi.json --url $(ADDRESS) \
		--checks all --max-examples $(CASES) --generation-database none \
		$(if $(KEY),-H "Authorization: Bearer $(KEY)")

ADDRESS ?= http://localhost:8000
CASES ?= 100

interop: $(VENV)/.dev ## Make docs/reference/interop.md anew: what becomes of other makers' credentials
	@$(ENV_PYTHON) -m tests.support.interop

catalogues: $(VENV)/.dev ## Take new and changed sentences into the catalogues of languages
	@$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --no-location --omit-header \
		-o $(VENV)/skillpassport.pot src/skillpassport
	@for language in fr ar; do \
		$(BIN)/pybabel -q update -D skillpassport -i $(VENV)/skillpassport.pot -l $$language \
			-d src/skillpassport/locale -w 100 --no-fuzzy-matching --ignore-pot-creation-date \
			&& sed -i '/@ADDRESS\|YEAR-MO-DA\|POT-Creation\|LL@li\|Generated-By/d' \
				src/skillpassport/locale/$$language/LC_MESSAGES/skillpassport.po || exit 1; done

migrations: $(VENV)/.dev ## Check that the migrations lead to the tables of the code
	@$(BIN)/pytest -q tests/db/test_migrations.py

docs: $(VENV)/.dev ## Check the documentation: commands, settings, links, code that it shows
	@$(BIN)/pytest -q tests/docs

# In an empty environment and from another folder: what a user of the published wheel gets.
wheel: $(VENV)/.dev ## Build the wheel, install it apart, run its demonstration
	@rm -rf $(DIST) && $(ENV_PYTHON) -m build --no-isolation --wheel --outdir $(DIST) . >/dev/null
	@$(if $(UV),$(UV) venv --quiet --python $(ENV_PYTHON) $(DIST)/apart,$(ENV_PYTHON) -m venv $(DIST)/apart)
	@$(subst $(ENV_PYTHON),$(DIST)/apart/bin/python,$(INSTALL)) --require-hashes -r locks/runtime.txt
	@$(subst $(ENV_PYTHON),$(DIST)/apart/bin/python,$(INSTALL)) --no-deps $(DIST)/*.whl
	@apart="$$(cd $(DIST)/apart && pwd)" && elsewhere="$$(mktemp -d)" && cd "$$elsewhere" \
		&& "$$apart/bin/skillpassport" --help >/dev/null \
		&& SKILLPASSPORT_DATA_DIR="$$elsewhere/var" "$$apart/bin/skillpassport" demo >demo.txt \
		|| { cat demo.txt >&2; exit 1; }; rm -rf "$$elsewhere"
	@echo "The wheel runs apart: $$(ls $(DIST)/*.whl)"

check: lint types imports migrations test test-slow wheel docs ## All that CI runs

bench: $(VENV)/.dev ## Run the paired benchmarks (those beside Node after `make node`)
	@$(ENV_PYTHON) -m bench $(ARGS)

# Not a part of `check`: half of its promises are in seconds, and mean nothing on a busy machine.
faults: $(VENV)/.dev ## Kill, race, fill, lock, overload and restore the real server (some minutes)
	@$(ENV_PYTHON) -m tests.faults

# atheris has no wheels for every machine, so it is in no lock. What it finds goes into the corpus,
# which the tests replay.
fuzz: $(VENV)/.dev ## Look for inputs that break a parser (T=jose for one, else all; SECONDS=600 for each)
	@$(INSTALL) "atheris>=2.3"
	@for target in $(or $(T),$(shell $(ENV_PYTHON) -m tests.fuzz.targets)); do \
		echo "Fuzzing $$target"; mkdir -p $(VENV)/fuzz/$$target; \
		FUZZ_FIGURES=$(VENV)/fuzz/$$target.json $(ENV_PYTHON) -m tests.fuzz $$target \
			-max_total_time=$(or $(SECONDS),600) -timeout=20 -verbosity=0 \
			-artifact_prefix=$(VENV)/fuzz/$$target- \
			$(VENV)/fuzz/$$target tests/fuzz/corpus/$$target || exit 1; \
		cat $(VENV)/fuzz/$$target.json; echo; done

# uv alone can write one lock for all platforms. A week of cool-down: releases younger than that
# are left to others to try.
locks:
	@test -n "$(UV)" || { echo "Writing the locks needs uv on the PATH." >&2; exit 1; }
	@echo "hatchling>=1.27" | $(LOCK) pyproject.toml - --output-file locks/runtime.txt
	@echo "hatchling>=1.27" | $(LOCK) pyproject.toml - --extra dev --constraint locks/runtime.txt --output-file locks/dev.txt

LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --exclude-newer "$(COOL)"
COOL ?= 1 week
