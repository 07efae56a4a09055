.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
READY := .venv/.ready
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: help setup demo test check lint bench torture pins clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: $(READY) ## build .venv (PYTHON=... chooses the interpreter); repeated only when the pins change

$(READY): requirements/dev.txt pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" ./tools/setup.sh
	@touch $@

demo: $(READY) ## see duban at work, on a virtual clock
	@$(BIN)/duban demo

test: lint ## everything CI runs: lint, types, floors, all tests
	@HYPOTHESIS_PROFILE=ci $(BIN)/pytest -q -n 2

check: lint ## before each commit: lint, types, floors, the tests that are not slow
	@$(BIN)/pytest -q -n 2 -m "not slow"

# cheapest first, so that a slip is told in a second
lint: $(READY)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@floors=$$($(BIN)/lint-imports --no-logo) || { echo "$$floors"; exit 1; }
	@$(BIN)/mypy --no-error-summary

bench: $(READY) ## the numbers of the design, measured as ratios on this machine
	@$(BIN)/python -m tests.bench

torture: $(READY) ## kill, stop, fill and cut off real processes for an hour; writes docs/reliability-report.md
	@$(BIN)/python -m tests.torture

pins: ## renew requirements/*.txt from pyproject.toml and dev.in (needs uv)
	@$(COMPILE) --upgrade pyproject.toml -o requirements/run.txt
	@$(COMPILE) --upgrade requirements/dev.in -o requirements/dev.txt

clean: ## remove builds and caches; .venv stays
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis .benchmarks
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
