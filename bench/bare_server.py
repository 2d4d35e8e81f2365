"""The bare app on the settings of `gunicorn.conf.py`, without its hooks."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

_site = run_path(str(Path(__file__).parent.parent / "gunicorn.conf.py"))

wsgi_app = "bench.bare:create_app()"
bind = _site["bind"]
workers = _site["workers"]
worker_class = _site["worker_class"]
threads = _site["threads"]
timeout = _site["timeout"]
keepalive = _site["keepalive"]
accesslog = _site["accesslog"]
