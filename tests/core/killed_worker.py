"""A worker that kills itself at one step: run as `python -m tests.core.killed_worker STEP`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

#: (module, function, whether the step itself is still done before the end)
STEPS = {
    "before claim": ("core.outbox", "_claim", False),
    "after claim": ("core.outbox", "_claim", True),
    "after begun": ("core.mail_log", "begin", True),
    "before handed": ("core.mail_log", "handed", False),
    "after handed": ("core.mail_log", "handed", True),
    "after answer": ("core.mail_log", "sent", False),
    "after sent": ("core.mail_log", "sent", True),
    "before done": ("core.outbox", "_finish", False),
}


def ending(step: Callable[..., Any], *, does_it: bool) -> Callable[..., Any]:
    def last(*args: Any, **kwargs: Any) -> None:
        if does_it:
            step(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return last


def main(name: str) -> None:
    import importlib

    from app import create_app
    from core import clock, outbox

    app = create_app()
    module_name, function, does_it = STEPS[name]
    module = importlib.import_module(module_name)
    setattr(module, function, ending(getattr(module, function), does_it=does_it))
    with app.app_context():
        outbox.drain(clock.now())


if __name__ == "__main__":
    main(sys.argv[1])
