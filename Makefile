# Each target is one line that a person could type. Needs Python 3.11 or later and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
DEBIAN_15 := /usr/lib/postgresql/15/bin

# Settings of one's own pip that would send the packages elsewhere than into .venv, or change what the lock names.
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT PIP_NO_DEPS PYTHONHOME

.PHONY: run test test-long test-15 test-shops check chaos bench wheel lock help
.DEFAULT_GOAL := run

run: .venv/run.stamp  ## all of it on this machine, with the demo's people; Ctrl-C stops everything (what `make` alone does)
	$(BIN)/orderbell up --demo

test: .venv/dev.stamp  ## the whole suite, on a PostgreSQL of its own; one test: .venv/bin/python -m pytest FILE -k WORDS
	$(BIN)/python -m pytest -n 2

test-long: .venv/dev.stamp  ## the suite with generated input and the machines run long
	ORDERBELL_TEST_LONG=1 $(BIN)/python -m pytest -n 2

test-15: .venv/dev.stamp  ## the suite on the oldest PostgreSQL that is served; DEBIAN_15 names its folder
	@test -x $(DEBIAN_15)/postgres || { echo "No PostgreSQL 15 in $(DEBIAN_15): install postgresql-15, or name its folder: make test-15 DEBIAN_15=..." >&2; exit 1; }
	ORDERBELL_PG_BINDIR=$(DEBIAN_15) $(BIN)/python -m pytest -n 2

test-shops: .venv/dev.stamp  ## connectors against real shops, installed from the npm registry and started here; needs Node 20 or later
	$(BIN)/python -m pytest -n 2 tests/shops

check: .venv/dev.stamp  ## ruff, its format, and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

chaos: .venv/dev.stamp  ## orders while everything is killed on purpose, then what was lost; SHORT=1: a minute and a half, SEED=N: the same again
	$(BIN)/python -m tests.chaos $(if $(SHORT),--short) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: .venv/dev.stamp  ## what orders, pushes, levels and sweeps cost; PARTS="channels --quick" for some of it
	$(BIN)/python -m bench $(PARTS)

wheel: .venv/dev.stamp  ## a wheel to install elsewhere, in dist/
	rm -rf build  # what an earlier build left there would be packed too
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

# Needs uv (https://docs.astral.sh/uv/); installing from the locks does not.
lock:  ## the lock files anew from pyproject.toml; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded --group build pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded --group build --group dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock

help:  ## these lines
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/\1: \2/p' Makefile | awk -F ': ' '{ name = $$1; sub(/^[^:]*: /, ""); printf "  make %-10s %s\n", name, $$0 }'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Orderbell needs Python 3.11 or later; $(PYTHON) is not. Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# pyproject.toml too: it says which packages are ours, and an editable install finds those that it knew of.
# Byte-compiled once: where PYTHONDONTWRITEBYTECODE is set, every start would otherwise compile everything again.
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q .venv/lib || true
	touch .venv/run.stamp

# The packages for development contain those that run: one install serves both.
.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q .venv/lib || true
	touch .venv/run.stamp .venv/dev.stamp
