"""How the site is served: threads for pages, and the outbox worker in whoever holds its lock."""

from __future__ import annotations

import socket
import sys
from typing import Any

from core.config import ConfigurationError as _ConfigurationError
from core.config import in_address as _in_address
from core.config import load as _load_site
from core.db import NotSetUp as _NotSetUp
from core.db import db as _db
from core.db import require_set_up as _require_set_up
from home import worker as _outbox_worker

try:
    _site = _load_site()
except _ConfigurationError as error:
    sys.exit(f"Error: {error.message}")

wsgi_app = "app:create_app()"
bind = f"{_in_address(_site.host)}:{_site.port}"
workers = _site.web_workers
# Loaded once, then forked: a second worker costs little memory. No connection is open by then.
preload_app = True
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 8190
limit_request_fields = 100
accesslog = None
# Nobody steers this server from outside: it stops and reloads by signals alone.
control_socket_disable = True
proc_name = "centro-de-soporte"


def on_starting(server: Any) -> None:
    """Say in one line that the address cannot be had; a restarted server holds it already."""
    if server.master_pid:
        return
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            _site.host, _site.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        sys.exit(f"Error: HOST {_site.host}, PORT {_site.port}: {error.strerror}")


def when_ready(server: Any) -> None:
    """Say where the site is, in the language of the logs; go no further without any tables."""
    with server.app.wsgi().app_context():
        try:
            _require_set_up()
        except _NotSetUp as error:
            # A database that is away may come back: pages say so until then.
            if error.__cause__ is None:
                sys.exit(f"Error: {error.message}")
        finally:
            # No connection may be open when the processes fork.
            _db.engine.dispose()
    sys.stdout.write(f"\nThe support centre is at {_site.public_url}\n\n")
    sys.stdout.flush()


def post_worker_init(worker: Any) -> None:
    """Every web process offers to do the outbox's work; the lock lets one of them."""
    _outbox_worker.start(worker.wsgi)


def worker_exit(_server: Any, worker: Any) -> None:
    """Let the job under way finish before the process goes, and write what was counted."""
    _outbox_worker.stop()
    if worker.wsgi is not None:
        worker.wsgi.extensions["visits"].flush()
