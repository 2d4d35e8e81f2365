"""The outbox worker: `flask work` alone, or a thread of whichever web process has the lock."""

from __future__ import annotations

import logging
import threading

from flask import Flask

import accounts.bell.notices
import kb.images.actions
import kb.learning.promotion
import kb.links.actions
import kb.notices
import kb.writing.drafts
from core import clock, mail_log, outbox
from tickets import drafts
from tickets.finding import indexing
from tickets.inbound import notices as mail_in
from tickets.previews import actions as previews
from tickets.proof.actions import ask_for_audit
from tickets.vault import wiping
from tickets.workbench import drafts as reply_drafts

log = logging.getLogger(__name__)
_stop = threading.Event()
_threads: list[threading.Thread] = []
LAST_WORDS_SECONDS = 10


def catch_up() -> None:
    """What a crash may have left behind: words that lag, drafts that nobody filed."""
    try:
        kb.notices.catch_up()
        indexing.plan_what_is_behind(now=clock.now())
        drafts.purge(now=clock.now())
        if not outbox.pending(["tickets.audit"]):
            ask_for_audit(now=clock.now())
        kb.learning.promotion.ask_to_forget(now=clock.now())
        wiping.wipe_due(now=clock.now())
        previews.ask_for_missing(now=clock.now())
        reply_drafts.purge(now=clock.now())
        kb.links.actions.read_what_is_behind(now=clock.now())
        kb.writing.drafts.purge(now=clock.now())
        kb.images.actions.purge(now=clock.now())
        accounts.bell.notices.catch_up()
        mail_in.catch_up()
        outbox.purge(clock.now())
        mail_log.purge(clock.now())
    except Exception:
        # The site serves without it, and the next start tries again.
        log.exception("the outbox worker could not catch up")


def run(app: Flask, stop_when: threading.Event) -> None:
    """Work in the foreground until the event is set."""
    outbox.work(app, stop_when, on_start=catch_up)


def start(app: Flask) -> None:
    """Start the worker's thread in a web process, where the configuration wants it."""
    if not app.config["SITE"].worker_in_process:
        return
    thread = threading.Thread(target=run, args=(app, _stop), name="outbox", daemon=True)
    _threads.append(thread)
    thread.start()


def stop() -> None:
    """Ask the thread to end and wait for the job under way."""
    _stop.set()
    for thread in _threads:
        thread.join(LAST_WORDS_SECONDS)
