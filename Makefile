# make run     start Readyboard on this machine, data in ./data
# make demo    the same with a make-believe service, in a folder of its own
# make test    everything that has to hold; installs what it needs first
# make check   only the quick part: style, types, imports
# make bench   how fast it is beside others, against its goals (BENCH=--quick: in two minutes)
# make screenshots   draw the README's pictures again
# make clips   record the words that boards speak again (static/sounds)
# make wheel   build dist/*.whl
# make clean   remove everything but ./data
#
# HOST and PORT may be given: make run HOST=0.0.0.0 lets the TVs of the network in.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
# Only what was typed counts: some shells and build tools export a HOST of their own.
typed = $(if $(findstring command line,$(origin $(1))),$(2) $($(1)))
ADDRESS = $(strip $(call typed,HOST,--host) $(call typed,PORT,--port))

.PHONY: help run demo test check bench screenshots clips wheel clean browser old-engine strace compiler

help:
	@awk '!/^#/ { exit } { sub(/^# ?/, ""); print }' Makefile

run: $(VENV)/.installed
	@READYBOARD_DATA="$${READYBOARD_DATA:-$(CURDIR)/data}" exec $(VENV)/bin/readyboard serve $(ADDRESS)

demo: $(VENV)/.installed
	@exec $(VENV)/bin/readyboard demo $(ADDRESS)

# More workers than cores, because a third of the time is spent waiting for a page's clock.
test: check browser old-engine strace compiler
	$(PY) -m pytest --numprocesses $$((3 * $$(getconf _NPROCESSORS_ONLN) / 2)) --dist loadfile \
		--max-worker-restart 2 --cov --cov-report=term

check: $(VENV)/.developing
	$(VENV)/bin/ruff check app tests
	$(VENV)/bin/ruff format --check app tests
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.developing compiler
	$(PY) -m tests.bench $(BENCH)

screenshots: $(VENV)/.developing browser
	$(PY) -m tests.screenshots

clips: $(VENV)/.installed
	@sh deploy/make-clips.sh $(VENV)

wheel: $(VENV)/.developing
	$(PY) -m build --wheel

clean:
	rm -rf $(VENV) dist build .coverage .coverage.* .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find app tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: $(PY) pyproject.toml
	@echo "Installing Readyboard into $(VENV)"
	@$(PY) -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developing: $(PY) pyproject.toml
	@echo "Installing Readyboard and its development tools into $(VENV)"
	@$(PY) -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Gone too when the system's Python was replaced by another version: the link then leads nowhere.
$(PY):
	@sh deploy/make-venv.sh $(VENV)

strace:
	@sh deploy/find-strace.sh

compiler:
	@sh deploy/find-compiler.sh

browser: $(VENV)/.developing
	@sh deploy/find-browser.sh $(VENV)

old-engine: $(VENV)/.developing
	@sh deploy/find-old-engine.sh $(VENV)
