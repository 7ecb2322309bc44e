# The two that matter are `make run` and `make test`. Each brings what it needs, and says what it does in one line a step.

# The first Python that is new enough; yours first: make PYTHON=/path/to/python3.12 run
# The system's own comes next: it is built with the compiler's optimisations, which one built by hand may lack (measured: 1.4 times slower).
PYTHON := $(shell for p in $(PYTHON) /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
MACHINE := -P jobs/machine.py

# Some machines tell Python to keep nothing that it compiled. Here a dozen processes at a time would each compile the same modules anew
# (measured: 0.3 s of a core each, and 5 s for the tests themselves).
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test fresh bench torture screenshots lint env lock moved
.DEFAULT_GOAL := run

run: env
	@$(BIN)/python $(MACHINE) run
	@exec $(BIN)/python -m jobs.start

fresh: env
	@$(BIN)/python $(MACHINE) run
	@exec $(BIN)/python -m jobs.start --fresh

test: env
	@$(BIN)/python $(MACHINE) run test
	@exec $(BIN)/python -m pytest

torture: env
	@$(BIN)/python $(MACHINE) run test
	@WL_ROUNDS=200 $(BIN)/python -m pytest -m torture -n 0

bench: env
	@$(BIN)/python $(MACHINE) run test
	@$(BIN)/python -m tests.bench

screenshots: env
	@$(BIN)/python $(MACHINE) run test
	@$(BIN)/python -m tests.screenshots

lint: env
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy
	@$(BIN)/djlint --quiet --lint templates

env: $(INSTALLED) $(CATALOGUES)
	@:

# The programs in .venv begin with the checkout's name: one that was renamed or copied is made anew.
MOVED := $(shell test -f $(BIN)/pip && { head -n 2 $(BIN)/pip | grep -qF "$(realpath .venv)/" || echo moved; })

$(INSTALLED): requirements.lock $(if $(MOVED),moved)
	@test -n "$(PYTHON)" || { echo "Wrenchline needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null \
		|| { echo "$(PYTHON) is no Python 3.11 or newer. Name another: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) $(MACHINE) packages
	@$(PYTHON) -P jobs/packages.py

%.mo: %.po | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Versions and hashes, no addresses, for every platform and every Python we support.
lock:
	@command -v uv > /dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	@uv pip compile pyproject.toml --quiet --extra dev --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock > /dev/null
