# Two commands matter: `make run` and `make test`. Both make the environment themselves.
PY ?= python3
BIN := .venv/bin
# Written last, so that an environment that was interrupted half-way is made anew.
RUNS := .venv/.complete-run
DEVELOPS := .venv/.complete-dev
LOG := .venv/install.log
# A lock names all that is needed, so nothing is resolved: pip would take the newest release of a package that another
# one wants with an extra, and find no hash for it. `pip check` finds what a lock lacks.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --only-binary :all: --no-deps --require-hashes
LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml --extra postgres --extra valkey
GOAL := $(or $(firstword $(MAKECMDGOALS)),run)

# An environment whose Python has gone (an upgrade of the system), or with packages of an older lock, is no environment.
ifneq ($(shell $(BIN)/python -c 'print(1)' 2>/dev/null)$(shell find requirements -name '*.txt' -newer $(DEVELOPS) 2>/dev/null),1)
$(shell rm -f $(RUNS) $(DEVELOPS))
endif

# Of the tests: more than two gain little, since the programs that they start want a core too.
PROCESSES ?= 2

# One lock file into .venv, with a dot for each package. The status comes last through the pipe, whose own status is that
# of its end; where it does not come, the installation was killed.
define install
@{ $(PIP) -r $(1) && $(BIN)/python -m pip check; echo "status $$?"; } 2>&1 | tee $(LOG) | { \
  status=1; error=; last="It was ended."; \
  while IFS= read -r line; do case $$line in \
    "status "*) status=$${line#status } ;; \
    Collecting*|Processing*) printf . ;; \
    Installing*) printf ' unpacking ' ;; \
    ERROR*) error=$$line ;; \
    *) last=$$line ;; \
  esac; done; echo; test "$$status" = 0 || { \
    printf '%s\n' "The packages could not be installed. $${error:-$$last}" \
      "$(LOG) has the rest. When that is mended, run make $(GOAL) again."; exit 1; }; }
endef

.PHONY: run install install-run test lint format messages bench lock clean

run: install-run
	@exec $(BIN)/python manage.py serve

# What `make run` needs; `make install` adds what tests and linters need.
install-run: $(RUNS)
install: $(DEVELOPS)

test: install
	@$(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup

lint: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@E164WEB_URL=https://enum.example.org/ E164WEB_TRUSTED_PROXIES=127.0.0.1 $(BIN)/python manage.py check --deploy --fail-level WARNING

format: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

# Collects all that people read into the files of the translators, and compiles those (docs/translations.md). It needs
# GNU gettext, which nothing else does.
messages: install
	@$(BIN)/python manage.py makemessages --add-location file --no-wrap --no-obsolete \
	  $(foreach language,de fr es,-l $(language)) $(foreach folder,tests var artifacts build,-i $(folder))
	@$(BIN)/pybabel --quiet compile --directory dashboard/locale --domain django

# All of it, or a part: make bench PART=cpu
bench: install
	@$(BIN)/python -m tests.benchmarks $(PART)

# Versions and hashes only: the files name no package index, so that every machine uses its own.
lock: install
	$(LOCK) -o requirements/base.txt
	$(LOCK) --group dev -c requirements/base.txt -o requirements/dev.txt

# Everything that can be made again; never var/, which holds the database and the keys.
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNS): requirements/base.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "e164web needs Python 3.11 or newer, and '$(PY)' is not that. Install it, or name another: make PY=python3.12 $(GOAL)"; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. Install it (Debian: apt install python3-venv), then run make $(GOAL) again."; exit 1; }
	@test -w . && { test ! -e .venv || test -w .venv; } || { \
	  echo "The environment .venv cannot be made: this user may not write to $(CURDIR)."; exit 1; }
	@$(PY) -m venv --clear .venv || { \
	  echo "The environment .venv cannot be made. Is there space left on the disk? Then run make $(GOAL) again."; exit 1; }
	@echo "Installing e164web's packages into .venv, once ..."
	$(call install,requirements/base.txt)
	@touch $@

$(DEVELOPS): $(RUNS) requirements/dev.txt
	@echo "Installing the tools for tests into .venv, once ..."
	$(call install,requirements/dev.txt)
	@touch $@
