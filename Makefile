# The few words that people type. Each is a line that you could type yourself.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: setup test lint golden ci bench coverage mutation

setup:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[dev]'

test:
	$(BIN)/python -m pytest -n auto

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

golden:
	PIONEER_UPDATE_GOLDEN=1 $(BIN)/python docs/generate.py
	PIONEER_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -n auto

ci:
	bash .ci/run

bench:
	$(BIN)/python benchmarks/check.py

coverage:
	$(BIN)/python -m coverage erase
	-$(BIN)/python -m coverage run -m pytest -n auto
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python tests/coverage_limits.py

mutation:
	$(BIN)/pip install --quiet --editable '.[mutation]'
	$(BIN)/python tests/mutation/run.py
