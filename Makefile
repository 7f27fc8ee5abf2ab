# The commands of the project: `make` alone lists them.
# PYTHON is the interpreter that makes the environment: make demo PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
# Type checkers follow the links in landbridge/ if the checkout itself is on the path: compat, which setuptools calls
# transitional (the lock holds its version). Where git could not make links, as on some Windows and network drives,
# setuptools maps the folders (lenient) and everything runs, but type checkers lose the types.
EDITABLE := $(if $(wildcard landbridge/routing/__init__.py),compat,lenient)
EXPORT := "$(CURDIR)/$(UV)" export --frozen --quiet --no-emit-project
# What the peers need and the environment has: their folder comes after it.
HAVE := geopandas msgpack networkx numpy pandas pyarrow pydantic pyproj pyyaml requests rich scipy setuptools shapely
EXPORT_ALL := $(EXPORT) --no-default-groups --group build --output-file requirements.txt \
	&& $(EXPORT) --all-groups --no-group docs --no-group peers --no-group release --all-extras --output-file requirements-dev.txt \
	&& $(EXPORT) --only-group docs --output-file requirements-docs.txt \
	&& $(EXPORT) --only-group release --output-file requirements-release.txt \
	&& $(EXPORT) --only-group peers $(addprefix --prune ,$(HAVE)) --output-file requirements-peers.txt
# The lowest versions of what pyproject.toml names, for the lowest Python: .ci/run tests them.
LOWEST := $(UV) pip compile --quiet --universal --python-version 3.11 --all-extras --resolution lowest-direct \
	--generate-hashes --custom-compile-command "make lock" --output-file requirements-lowest.txt pyproject.toml
TEXTS := grep -rIl --null --exclude-dir=__pycache__ --exclude-dir=.ruff_cache --exclude-dir='*.egg-info' . .ci benchmarks data docs examples landbridge networks qgis routing tests *.* Makefile

# The lock is that of the public index whatever mirror this machine uses, and no interpreter is ever downloaded.
unexport UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_EXCLUDE_NEWER
export UV_NO_CONFIG := 1
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help demo test data data-package derived docs findings findings-check bench trust mutations coverage lint rows \
	types wheel qgis-plugin release lock lock-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed ## install into .venv, then a container from Xi'an to Duisburg: by each corridor, time against cost
	$(BIN)/landbridge demo

test: $(VENV)/.installed-dev ## run the tests, the examples of the docstrings among them
	$(BIN)/pytest -n auto --maxprocesses=4

data: $(VENV)/.installed-dev ## rebuild the list of cities, the land of the maps, and geometry and measured lengths of the bundled links; reports go to out/data
	$(BIN)/python -m landbridge.networks.geodata.bases.cities
	$(BIN)/python -m landbridge.networks.geodata.bases.base_map
	$(BIN)/landbridge network build --report out/data

data-package: $(VENV)/.installed-dev ## describe the tables for other programs, and zip them to dist/ with their licences (Frictionless data package)
	$(BIN)/python -m landbridge.networks.tables.data_package
	$(BIN)/python -m landbridge.networks.tables.data_package dist/landbridge-corridors.zip

derived: $(VENV)/.installed-dev ## check that what `make data` makes is current: cities, land of the maps, geometry, lengths
	$(BIN)/pytest -q -m derived tests/test_derived.py

docs: $(VENV)/.installed-docs ## install the tools of the documentation, build it into out/docs and check it: links, anchors, no outside request
	rm -rf out/docs
	$(BIN)/python -m sphinx -n -W --keep-going -q -j auto -d build/docs docs out/docs
	$(BIN)/python docs/site_check.py out/docs
	$(BIN)/pytest -q tests/docs/test_notebook.py tests/networks/tables/test_data_package.py
	@echo "The site is out/docs/index.html"

findings: $(VENV)/.installed-dev ## rebuild the figures of the documentation from runs: findings, studies, validation, tutorial, the map (minutes)
	$(BIN)/python docs/findings.py
	$(BIN)/python docs/runs.py

findings-check: $(VENV)/.installed-dev ## check that the figures of the documentation are as `make findings` makes them
	$(BIN)/python docs/findings.py --check
	$(BIN)/python docs/runs.py --check

bench: build/peers/.installed ## measure beside the peers (ONLY="flows fronts", README=1, BENCH="--tntp DIR"): one table; it and plots go to out/bench
	$(BIN)/python benchmarks/run.py $(ONLY) $(if $(README),--readme) $(BENCH)

trust: $(VENV)/.installed-dev ## try bad input, faults and random cases (ONLY="fuzz leaks", PAGE=1 into docs/trust.md): what held (15 to 25 minutes)
	$(BIN)/python -m tests.trust.run $(ONLY) $(if $(PAGE),--page)

mutations: $(VENV)/.installed-dev ## change the code in small ways, and print what its tests do not notice (ONLY="cost flows"; 40 minutes)
	$(BIN)/python -m tests.trust.mutations $(ONLY)

coverage: $(VENV)/.installed-dev ## count the branches that the tests run, those of compiled code by Python; below 90 % fails (half an hour)
	$(BIN)/python -m tests.trust.branches

# The commands of .pre-commit-config.yaml, over all files.
lint: $(VENV)/.installed-dev ## check the style and layout of the code, its docstrings, and which room imports which
	$(BIN)/ruff check --force-exclude .
	$(BIN)/ruff format --check --force-exclude .
	$(BIN)/lint-imports --no-logo --no-cache
	find networks routing -name '*.py' -exec $(BIN)/numpydoc lint {} +
	$(TEXTS) | xargs -0 $(BIN)/end-of-file-fixer

rows: $(VENV)/.installed-dev ## write the types of rows from the schema of the tables, and the schema of scenario files
	$(BIN)/python -m landbridge.networks.tables.row_types
	$(BIN)/python -m landbridge.routing.studies.scenarios.json_schema

types: $(VENV)/.installed-dev ## check the types (mypy)
	$(BIN)/mypy

wheel: $(VENV)/.installed-dev ## build into dist/, install the wheel in a fresh environment elsewhere and run it
	rm -rf dist
	$(UV) build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist
	.ci/check-wheel $(BIN)/python dist/*.whl

qgis-plugin: ## make the toolbox for QGIS, a file that QGIS installs: dist/landbridge-qgis-VERSION.zip
	@"$(PYTHON)" qgis/build.py

release: $(VENV)/.installed-dev ## build from the commit into dist/, try it installed, list its parts, and print how to publish it
	.ci/release

lock: $(VENV)/.installed-dev ## lock the dependencies after a change of pyproject.toml (UPGRADE=1: newest versions)
	$(UV) lock --python $(BIN)/python $(if $(UPGRADE),--upgrade)
	$(EXPORT_ALL)
	$(LOWEST) $(if $(UPGRADE),--upgrade)

lock-check: $(VENV)/.installed-dev ## check that uv.lock fits pyproject.toml and the requirements files fit uv.lock
	@$(UV) lock --check --offline --python $(BIN)/python \
		|| { echo "uv.lock does not fit pyproject.toml: run 'make lock'." >&2; exit 1; }
	rm -rf build/lock && mkdir -p build/lock && cp pyproject.toml uv.lock build/lock
	cd build/lock && $(EXPORT_ALL)
	diff -u requirements.txt build/lock/requirements.txt
	diff -u requirements-dev.txt build/lock/requirements-dev.txt
	diff -u requirements-docs.txt build/lock/requirements-docs.txt
	diff -u requirements-release.txt build/lock/requirements-release.txt
	diff -u requirements-peers.txt build/lock/requirements-peers.txt

clean: ## remove the environment and what was built
	rm -rf $(VENV) build dist landbridge.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The environment is made anew when the checkout has moved, for its scripts hold the path, and when it is to be installed
# in another way: what an older installation left would be found first.
MADE_FOR := $(CURDIR) ($(EDITABLE))
ifneq ($(shell cat $(VENV)/.created 2>/dev/null),$(MADE_FOR))
.PHONY: $(VENV)/.created
endif

$(VENV)/.created:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "There is no $(PYTHON): install Python 3.11 or newer, or name one as in 'make PYTHON=python3.12'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is $$("$(PYTHON)" -V 2>&1), but landbridge needs 3.11 or newer: name one as in 'make PYTHON=python3.12'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) lacks venv or ensurepip: install them (on Debian and Ubuntu the package python3-venv)." >&2; exit 1; }
	@echo "Making the environment $(VENV) with $$("$(PYTHON)" -V)"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@printf '%s\n' "$(MADE_FOR)" > $@

$(VENV)/.installed: $(VENV)/.created requirements.txt pyproject.toml
	@echo "Installing landbridge and what it needs (600 MB, about a minute)"
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(PIP) --no-index --no-deps --no-build-isolation --config-settings editable_mode=$(EDITABLE) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing the tools of developers"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed-dev requirements-docs.txt
	@echo "Installing the tools of the documentation"
	@$(PIP) --require-hashes --requirement requirements-docs.txt
	@touch $@

build/peers/.installed: $(VENV)/.installed-dev requirements-peers.txt
	@echo "Installing peers of the benchmarks into build/peers (200 MB)"
	@rm -rf build/peers
	@$(PIP) --require-hashes --no-deps --target build/peers --requirement requirements-peers.txt
	@touch $@
