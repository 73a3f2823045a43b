# Two commands set everything up on a bare machine with Python 3.11+, git, make and a C++ compiler: make run, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint types imports unit translations screenshots package clean

run: $(READY)
	$(BIN)/proxima

test: $(READY) lint types imports unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

unit: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q

# Collects what is to be translated and compiles what is; then fill in resources/translations/proxima_pt_BR.ts.
translations: $(READY)
	$(BIN)/python packaging/translations.py

$(READY): pyproject.toml packaging/setup.sh
	PYTHON=$(PYTHON) bash packaging/setup.sh $(VENV)
	touch $@

screenshots: $(READY)
	$(BIN)/python packaging/screenshots.py

package: $(READY)
	PYTHON=$(PYTHON) bash packaging/package.sh

clean:
	rm -rf $(VENV) build dist
