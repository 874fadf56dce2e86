# Two commands for a user: `make serve` and `make test`. Both set up what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu

.PHONY: serve test lint types unit evaluate bench clean

serve: $(VENV)/.ready
	$(BIN)/jianli serve

test: lint types unit evaluate

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

unit: $(VENV)/.ready-dev
	$(BIN)/python -m pytest

# The short evaluation on the seed alone, with the floors that every commit keeps; the user's own data folder
# and settings are left out of it.
evaluate: $(VENV)/.ready-dev
	JIANLI_EMBEDDING_MODEL= JIANLI_SEEDS=seeds JIANLI_DATA=data/evaluation \
		$(BIN)/jianli eval run batch_23 --floors eval/floors.json --wrong 5

bench: $(VENV)/.ready-dev
	$(BIN)/python -m eval.bench

# The pinned requirements, without build isolation so that the build tools are pinned too. Where pip
# does not find the CPU build of torch, the same list is taken with PyTorch's own index beside.
define install
	$(PIP) install --progress-bar off -q -r $(1) || \
	$(PIP) install --progress-bar off -q --extra-index-url $(TORCH_CPU_INDEX) -r $(1)
endef

$(VENV)/.ready: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "Python 3.11 is needed, this is %d.%d: install it, or name it: make PYTHON=/path/to/python3.11" % sys.version_info[:2])'
	@echo "Setting up $(VENV): a few minutes, once"
	$(PYTHON) -m venv $(VENV)
	$(call install,requirements.txt)
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(call install,requirements-dev.txt)
	@touch $@

clean:
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .hypothesis *.egg-info
