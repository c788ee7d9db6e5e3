# The one list of commands; .ci/run uses it too.
.DEFAULT_GOAL := help
PY := .venv/bin/python
ARGS ?=

help:   ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 12

demo: run-venv   ## replay 8 March 2018 on this machine (make demo ARGS=--help)
	@$(PY) -m ninethirty demo $(ARGS)

# Two at a time, but for those that live by the clock or start whole days of many processes.
SIDE_BY_SIDE := tests/core tests/desk tests/simulation

test: dev-venv   ## check, then every test with coverage of the core
	@$(MAKE) --no-print-directory check
	$(PY) -m coverage erase
	$(PY) -m pytest -n 2 --dist loadfile --cov --cov-report=term --cov-fail-under=100 $(SIDE_BY_SIDE) $(ARGS)
	$(PY) -m pytest $(addprefix --ignore=,$(SIDE_BY_SIDE)) $(ARGS)

check: dev-venv   ## format, lint, types, import contracts; writes nothing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) workshop/lifecycle.py --check
	$(PY) workshop/runbooks.py --check

fix: dev-venv   ## format and mend what can be mended by a tool
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	$(PY) workshop/lifecycle.py
	$(PY) workshop/runbooks.py

bench: dev-venv   ## measure; prints tables, writes JSON to bench/out
	$(PY) -m bench $(ARGS)

bench-witness: dev-venv   ## what witnesses can watch, and what they ask of a platform
	$(PY) -m bench verdict scenarios witness $(ARGS)

bench-gate: dev-venv   ## the gate's numbers (make bench-gate PARTS="speed herd" for some of them)
	$(PY) -m bench $(or $(PARTS),gate)

bench-runner: dev-venv   ## measure the runner: takeover, steps a second, simulated days, kills
	$(PY) -m bench runner $(ARGS)

bench-site: dev-venv   ## the public site: a change, all of it, the burst at T; and announcements taken up
	$(PY) -m bench site imports punctuality $(ARGS)

bench-papers: dev-venv   ## measure reading, drafting and writing reports, the register, period reports
	$(PY) -m bench papers register access $(ARGS)

bench-outside: dev-venv   ## how soon all are told; mail to 100,000; a fault at every line outside
	$(PY) -m bench told mailing faults $(ARGS)

bench-console: dev-venv   ## the console: Today, an incident room, fifty people in it, an upload of 2 GB
	$(PY) -m bench console $(ARGS)

mutants: dev-venv   ## mutation tests of gate, schedule, verdict, runbook, delay
	$(PY) workshop/mutants.py $(ARGS)

lock: dev-venv   ## pin every requirement with its hash
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --group build -o requirements.lock pyproject.toml
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --group dev -o requirements-dev.lock pyproject.toml

run-venv:
	@workshop/venv requirements.lock

dev-venv:
	@workshop/venv requirements-dev.lock

.PHONY: help demo test check fix bench bench-gate bench-witness bench-runner bench-papers bench-site bench-outside bench-console mutants lock run-venv dev-venv
