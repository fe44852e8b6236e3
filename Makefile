# Qui dit quoi. `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help demo serve test coverage browser-test chromium screenshots check lint eval bench soak audit lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.installed  ## set up, index the debate that is shipped, ask it a question
	@$(BIN)/qdq demo

serve: $(VENV)/.installed  ## serve the HTTP API on 127.0.0.1:8000
	@$(BIN)/qdq serve

# a worker a core, each with the model in one thread: more threads than cores are slower than none
test: $(VENV)/.installed-dev  ## set up and run the tests, all but those in a browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --ignore=tests/browser -n auto --maxprocesses 4 --dist loadfile $(ARGS)

coverage: $(VENV)/.installed-dev  ## the same, and which lines no test has run: half as long again
	@$(MAKE) --silent test ARGS="--cov --cov-report=term:skip-covered"

browser-test: chromium $(VENV)/.installed-dev  ## the pages in a real browser, which is installed where that is possible
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/browser -n auto --maxprocesses 2 --dist loadfile

screenshots: chromium $(VENV)/.installed-dev  ## every page in build/screenshots/, to be looked at
	$(BIN)/python -m tests.screenshots

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name > /dev/null && exit 0; done; \
	if command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -qq --yes chromium fonts-liberation > /dev/null; \
	else \
		echo "Chromium is needed: install your system's package, on Debian \`apt-get install chromium\`." >&2; exit 1; \
	fi

check: lint browser-test test  ## what has to pass before a commit: ruff, mypy, import direction, tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: $(VENV)/.installed  ## measure on the shipped debate; fails below eval/floors.toml
	$(BIN)/qdq eval run --suite debate --floors eval/floors.toml --out build/eval

bench: $(BENCH)/.installed  ## measure beside other products and as the index grows; ARGS=--quick or --full
	$(BENCH)/bin/python -m eval.bench $(ARGS)

soak: $(VENV)/.installed  ## a server under load for 10 minutes, then under 4 times what it can do; ARGS="--minutes 1"
	$(BIN)/python -m eval.bench.soak $(ARGS)

audit: $(VENV)/.installed-dev  ## known vulnerabilities of what is locked; needs a network
	$(BIN)/pip-audit --strict --no-deps --disable-pip -r requirements.lock

lock: $(VENV)/.installed-dev  ## pin again what is installed here, after changing pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet 'torch==2.13.0'
	$(VENV)-lock/bin/pip install --quiet .
	$(VENV)-lock/bin/pip freeze --exclude qui-dit-quoi | sed 's/+cpu$$//' > requirements.lock
	$(VENV)-lock/bin/pip install --quiet '.[dev]'
	$(VENV)-lock/bin/pip freeze --exclude qui-dit-quoi | sed 's/+cpu$$//' > requirements-dev.lock
	rm -rf $(VENV)-lock

clean:  ## remove the virtual environment and everything that was built
	rm -rf $(VENV) $(BENCH) build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CPython 3.11 or later is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# other products beside ours, in an environment of their own; the lock again at the end, since ours is measured as locked
$(BENCH)/.installed: requirements.lock eval/bench/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r eval/bench/requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@
