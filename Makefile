# Two commands: `make demo` and `make test`. Both make .venv first if it is not there.
# Only Python >= 3.11, git and make are needed; README.md says how to do the same without make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint site bench lock spark clean

demo: $(STAMP)
	$(BIN)/leadpact demo

# The tests start hundreds of processes: none should compile the program anew.
test: $(STAMP)
	$(MAKE) lint
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

site: $(STAMP)
	$(BIN)/mkdocs build --strict

bench: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python bench/decide.py
	$(BIN)/python bench/peers.py
	$(BIN)/python bench/check_time.py
	$(BIN)/python bench/site_build.py

# Writes the lock file anew from pyproject.toml. Needs the network, and uv to resolve.
lock: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml build-requirements.in --extra test --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --quiet --output-file requirements.lock
	echo 'pyspark>=4.0' | $(BIN)/uv pip compile - --constraint requirements.lock --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --quiet --output-file requirements-spark.lock

# Spark is large (450 MB) and needs Java: without both, its tests are skipped and say so.
spark: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Leadpact needs Python 3.11 or newer; say PYTHON=python3.12 make …"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
