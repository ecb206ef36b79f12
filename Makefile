# Two commands matter: `make run` and `make test`. Both make the environment themselves.
PY ?= python3
BIN := .venv/bin
STAMP := .venv/.complete

.PHONY: run install test lint format bench lock clean

run: install
	@exec $(BIN)/python manage.py serve

install: $(STAMP)

# The stamp is written last, so an environment that was interrupted half-way is made anew.
$(STAMP): requirements/dev.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "e164web needs Python 3.11 or newer; '$(PY)' is not. Install it, or name another: make PY=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. Install it (Debian: apt install python3-venv) and try again."; exit 1; }
	@rm -f $(STAMP)
	@$(PY) -m venv --clear .venv || { \
	  echo "The environment .venv cannot be made here. Is this folder writable, and is there space left?"; exit 1; }
	@echo "Installing e164web's packages into .venv (about a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/dev.txt || { \
	  echo "The packages could not be installed. Can this machine reach its Python package index? Then run the command again."; exit 1; }
	@touch $(STAMP)

lock:
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml --extra postgres -o requirements/base.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml --extra postgres --group dev -c requirements/base.txt -o requirements/dev.txt
