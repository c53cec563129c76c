# The commands a newcomer needs.  Everything happens in .venv; nothing is installed elsewhere.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install demo check unit e2e test bench lint lock weigh system-packages docs clean

install: $(STAMP)

$(STAMP): requirements/run.txt requirements/test.txt requirements/peers.txt requirements/apart.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.txt -r requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/peers.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/apart \
	  -r requirements/apart.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m yanshou.reports.allure_setup
	touch $@

# The emulated bank branch: plan, run, report, verify.  Needs no system package.
demo: install
	rm -rf demo
	$(BIN)/yanshou demo --out demo

# Before each commit, under two minutes: style, types, imports, dependencies, quick tests of parts.
check: install
	$(BIN)/python tests/run_checks.py check

# All tests of parts, also against independent implementations.
unit: install
	$(BIN)/python tests/run_checks.py unit

# Whole runs on emulated sites with planted defects.
e2e: install
	$(BIN)/python tests/run_checks.py e2e

# Everything CI checks.
test: install
	$(BIN)/python tests/run_checks.py

# Slow studies; ONLY=topic chooses one.
bench: install
	$(BIN)/python -m tests.benchmarks $(ONLY)

# Debian packages of the tests (independent peers): the one list is system-packages.txt.
system-packages:
	apt-get install --yes --no-install-recommends $$(grep -v '^#' system-packages.txt)

lock:
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --generate-hashes \
	  --extra allure --extra osd --extra osdp --extra docx --extra sign --extra console --extra gm --output-file requirements/run.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --generate-hashes \
	  --allow-unsafe --constraint requirements/run.txt --output-file requirements/test.txt requirements/test.in

# What an installation brings along, as README has it.
weigh: install
	$(BIN)/python -m tests.weigh

# Pages of the public interfaces, from their docstrings; no network is needed.
docs: install
	$(BIN)/python -m pdoc --docformat restructuredtext --no-show-source --footer-text yanshou --output-directory build/api \
	  yanshou.fixtures.api yanshou.evaluation yanshou.equipment.optical yanshou.equipment.recordings yanshou.drivers.capabilities yanshou.model yanshou.imaging

clean:
	rm -rf $(VENV) demo dist
