# make lab     the environment and JupyterLab      make build   notebooks from their texts
# make test    everything that is tested           make bench   NAME=ring, say: measure a claim
# make lint    style and types                     make lock    constraints.txt from pyproject.toml
SHELL   := /bin/bash
VENV    ?= .venv
BIN     := $(VENV)/bin
FIRST   := $(firstword $(sort $(wildcard chapters/*.ipynb)))
INSTALL  = $(BIN)/python -m pip install --disable-pip-version-check $(PIPFLAGS) -c constraints.txt -e
NAME    ?= ring
# one thread: results depend on the number of threads, and spinning threads slow each other down
export OMP_NUM_THREADS ?= 1

.PHONY: lab test lint build bench lock

lab: $(VENV)/.lab
	$(BIN)/jupyter trust chapters/*.ipynb
	$(BIN)/jupyter lab $(SETTINGS) --LabApp.default_url=/lab/tree/$(FIRST) $(ASROOT) $(NOBROWSER) $(LABFLAGS)

test: $(VENV)/.test
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.test
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

build: $(VENV)/.test
	$(BIN)/python chapters/build.py $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m chapters.assignments.build)

bench: $(VENV)/.test
	$(BIN)/python -m tests.bench $(NAME)

lock:  # keeps the versions that are there and still fit; needs uv (pip install uv)
	uv pip compile -q --universal --python-version 3.11 --all-extras --no-header --no-annotate -o constraints.txt pyproject.toml

# what the file browser does not list: authors' texts and stored results stay where they are, and open by their names
HIDDEN    := ['__pycache__','*.pyc','*~','glossary.toml','history.toml','build.py','text','results']
# settings for this JupyterLab alone, and for no other on this machine
SETTINGS  := --LabApp.app_settings_dir="$(CURDIR)/chapters/.jupyterlab" --ContentsManager.hide_globs="$(HIDDEN)"
# JupyterLab wants to be told that it may run as root (containers), and that there is no screen to open a browser on
ASROOT    := $(if $(filter 0,$(shell id -u)),--allow-root)
NOBROWSER := $(if $(filter Darwin,$(shell uname))$(DISPLAY)$(WAYLAND_DISPLAY)$(BROWSER),,--no-browser)

# Installed once; again when pyproject.toml or constraints.txt is newer than the stamp
$(VENV)/.lab: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[lab,pictures]'
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[lab,test,course,pictures]'
	touch $(VENV)/.lab $@

# PYTHON=… chooses; otherwise the first that runs and fits
$(BIN)/python:
	@for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3 python); do \
	    $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
	    echo "$$python -m venv $(VENV)"; $$python -m venv $(VENV) && exit 0; rm -f $@; exit 1; \
	done; echo "$(or $(PYTHON),There) is no Python 3.11, 3.12 or 3.13 here: make PYTHON=/path/to/python3.11 …" >&2; exit 1
