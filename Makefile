# The two commands: `make run` and `make test`. Everything lands in .venv and data/.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint clean

run: $(VENV)/run-ready
	$(BIN)/python run_bot.py index build --if-none
	$(BIN)/python run_bot.py

test: $(VENV)/test-ready
	$(BIN)/python -m pytest -m "not slow" --numprocesses 2 --dist loadfile

lint: $(VENV)/test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

# torch by itself and first: asked for beside the rest, a resolver may take a newer one, which
# brings gigabytes of CUDA along.
$(VENV)/run-ready: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/test-ready: $(VENV)/run-ready
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
