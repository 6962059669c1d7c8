# The few words that people type. Each is a line that you could type yourself.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: setup test lint golden ci bench

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
