# Two commands do everything on a fresh machine with Python 3.11 or newer: `make serve` and `make test`.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
WORKERS ?= auto
# A file's tests stay on one worker, which makes what they share once; the long ones, of pages, come first.
PYTEST = $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: serve site test quick exhaustive check lint unit browser addresses clean constraints

serve: check site  ## Check the policies, print a sample answer, build the site and serve it until Ctrl-C.
	$(BIN)/h2024kb coverage md/brain-injury-waiver --code H2024
	@echo "Serving the site on http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	$(BIN)/mkdocs serve --quiet --dev-addr 127.0.0.1:$(PORT)

site: $(VENV)/.installed  ## Build the site into site/; open site/index.html.
	$(BIN)/mkdocs build --strict --quiet

test: $(VENV)/.installed  ## Everything that must pass; a fixed slice of what is tried in bulk.
	@$(MAKE) --no-print-directory --jobs 2 lint check site
	@$(MAKE) --no-print-directory unit

quick: lint check  ## What needs no browser, for each commit.
	$(PYTEST) --ignore tests/browser

exhaustive: lint check site browser  ## All of what is tried in bulk too, before a release.
	SITE=site $(PYTEST) -m "exhaustive or not exhaustive"

check: $(VENV)/.installed  ## Find every problem in the policy files.
	$(BIN)/h2024kb check policies tests/cases tests/example

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

unit: $(VENV)/.installed browser  # on the pages in site/, as `make site` has left them
	SITE=site $(PYTEST)

browser:  ## Find a Chromium for the tests of the pages, or install Debian's; without one they skip and say so.
	@sh tests/browser/chromium.sh

$(VENV)/.installed: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 test")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement constraints.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

addresses: $(VENV)/.installed  ## Write down the address of every page, before a release; none is ever lost.
	$(BIN)/python -m h2024kb.site.build.addresses docs

constraints:  ## Pin the newest allowed versions anew; needs uv.
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev --upgrade \
	  pyproject.toml --output-file constraints.txt

clean:
	rm -rf $(VENV) site dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
