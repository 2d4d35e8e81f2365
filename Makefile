# Two commands do everything: `make run` and `make test`.
.DEFAULT_GOAL := run
.PHONY: run test check bench shots lock translations clean

PY := .venv/bin/python
FLASK := .venv/bin/flask

run:
	@scripts/environment requirements.txt
	@$(FLASK) setup
	@$(FLASK) demo
	@exec .venv/bin/gunicorn

test:
	@scripts/environment requirements-dev.txt
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check:
	@scripts/environment requirements-dev.txt
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/bandit -q -c pyproject.toml -r app.py core accounts conditions kb tickets quotes contact admin home
	@$(PY) -m pytest -q tests/test_architecture.py

bench:
	@scripts/environment requirements-dev.txt
	@$(PY) -m bench $(ARGS)

shots:
	@scripts/environment requirements-dev.txt
	@$(PY) -m scripts.shots

lock:
	@scripts/lock

translations:
	@scripts/environment requirements-dev.txt
	@scripts/translations
