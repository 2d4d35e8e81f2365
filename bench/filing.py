"""Filing a ticket against the bare commits that its rows cost, on the same kind of disk."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import select

from accounts.models import Company, Person
from accounts.permissions import Actor
from accounts.sessions import actor_for
from bench.bench import Bench, application
from bench.browser import Browser, customer, signed_in
from bench.content import Ticket
from bench.rows import BenchError, Detail, Row, latency, milliseconds
from bench.server import Instance, serve_site
from core.db import BUSY_TIMEOUT_MS, db, sqlite_module
from core.tokens import new_token
from tickets import drafts
from tickets.opening import file_ticket

ROUNDS, AT_ONCE, WARM = 8, 20, 10
OVER_HTTP = 80
AFFECTION = "otra-consulta"
#: Numbers and keys of the rows that are written bare begin here.
BEYOND = 50_000_000


class Spent(NamedTuple):
    """Wall time of one commit, and the part of it that was computing; seconds."""

    seconds: float
    computed: float


def filing(bench: Bench) -> list[Row]:
    """Filings/s of the action, and of the whole form over HTTP, against bare commits/s."""
    base = bench.new_instance("filing")
    texts = bench.samples.tickets
    with application(base):
        actor = _customer()
        ready = [_draft(actor, text) for text in texts[: ROUNDS * AT_ONCE + WARM]]
        for draft in ready[:WARM]:
            _file(actor, draft)
        rival = BareCommits(base.copy_to(bench.folder / "bare-filing"))
        try:
            ours, theirs = _in_turn(actor, ready[WARM:], rival)
        finally:
            rival.close()
    over_http = _over_http(base, texts[:OVER_HTTP])
    bare = median(spent.seconds for spent in theirs)
    return [
        Row(
            "filing",
            "filing a ticket (durable) against bare SQLite commits",
            bare / median(spent.seconds for spent in ours),
            bar=0.3,
            at_least=True,
            details={
                "rows_each": rival.rows,
                "journal": rival.journal,
                **_both("filing", ours),
                **_both("bare", theirs),
            },
        ),
        Row(
            "filing_http",
            "the same through the form: draft kept, then filed (two commits)",
            bare / median(over_http),
            details=latency("form", over_http),
        ),
    ]


class BareCommits:
    """Commits of the rows that one filing wrote, by plain SQL with the same durability."""

    def __init__(self, instance: Instance) -> None:
        self._connection = sqlite_module().connect(str(instance.database), isolation_level=None)
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self.journal = str(self._connection.execute("PRAGMA journal_mode").fetchone()[0])
        (number,) = self._connection.execute("SELECT max(number) FROM tickets").fetchone()
        self._models = {
            table: self._rows(table, key, number)
            for table, key in (
                ("tickets", "number"),
                ("messages", "ticket_number"),
                ("ticket_events", "ticket_number"),
            )
        }
        self._models["outbox_jobs"] = self._rows("outbox_jobs", "kind", "tickets.filed")[-1:]
        self._next = BEYOND
        #: Inserted rows, the draft, and the counters of tickets and events.
        self.rows = sum(len(rows) for rows in self._models.values()) + 3

    def close(self) -> None:
        self._connection.close()

    def commit(self, draft_id: str) -> Spent:
        """One transaction."""
        self._next += 10
        number = self._next
        statements = [
            self._insert(table, row, number, place)
            for table, rows in self._models.items()
            for place, row in enumerate(rows)
        ]
        execute = self._connection.execute
        began, computed = time.perf_counter(), time.thread_time()
        execute("BEGIN IMMEDIATE")
        for name in ("ticket", "ticket_event"):
            execute("UPDATE counters SET value = value + 1 WHERE name = ?", (name,))
        for statement, values in statements:
            execute(statement, values)
        execute("UPDATE drafts SET ticket_number = ? WHERE id = ?", (number, draft_id))
        execute("COMMIT")
        return Spent(time.perf_counter() - began, time.thread_time() - computed)

    def _rows(self, table: str, key: str, value: Any) -> list[dict[str, Any]]:
        found = self._connection.execute(
            f"SELECT * FROM {table} WHERE {key} = ? ORDER BY rowid", (value,)
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found]
        if not rows:
            raise BenchError(f"filing wrote nothing to {table}")
        return rows

    def _insert(
        self, table: str, model: dict[str, Any], number: int, place: int
    ) -> tuple[str, tuple[Any, ...]]:
        keys = {"number": number, "ticket_number": number, "id": number, "seq": number + place}
        values = {name: keys.get(name, value) for name, value in model.items()}
        marks = ", ".join("?" * len(values))
        return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())


def _both(name: str, spent: list[Spent]) -> dict[str, Detail]:
    computed = median(one.computed for one in spent)
    return {
        **latency(name, [one.seconds for one in spent]),
        f"{name}_cpu_p50_ms": milliseconds(computed),
    }


def _in_turn(actor: Actor, ready: list[str], rival: BareCommits) -> tuple[list[Spent], list[Spent]]:
    ours: list[Spent] = []
    theirs: list[Spent] = []
    for start in range(0, len(ready), AT_ONCE):
        batch = ready[start : start + AT_ONCE]
        ours += [_file(actor, draft) for draft in batch]
        theirs += [rival.commit(draft) for draft in batch]
    return ours, theirs


def _customer() -> Actor:
    person, company = db.session.execute(
        select(Person, Company.name)
        .join(Company, Company.id == Person.company_id)
        .where(Person.email == customer())
    ).one()
    return actor_for(person, company)


def _draft(actor: Actor, text: Ticket) -> str:
    draft_id = new_token()
    drafts.save_draft(
        draft_id=draft_id,
        owner=drafts.owner_of(actor, ""),
        written=drafts.Written(text.subject, text.description, AFFECTION, "normal"),
        now=datetime.now(UTC),
    )
    return draft_id


def _file(actor: Actor, draft_id: str) -> Spent:
    owner, now = drafts.owner_of(actor, ""), datetime.now(UTC)
    began, computed = time.perf_counter(), time.thread_time()
    file_ticket(draft_id=draft_id, owner=owner, actor=actor, now=now)
    return Spent(time.perf_counter() - began, time.thread_time() - computed)


def _over_http(instance: Instance, texts: list[Ticket]) -> list[float]:
    # Its mails would be written to the log in between; they are not what is measured.
    quiet = Instance(instance.folder, {**instance.extra, "OUTBOX_IN_WEB": "off"})
    with serve_site(quiet) as server:
        browser = signed_in(server.port, quiet, customer())
        try:
            token = browser.token_of("/tickets/nuevo")
            return [_send(browser, token, text) for text in texts][WARM:]
        finally:
            browser.close()


def _send(browser: Browser, token: str, text: Ticket) -> float:
    draft_id = new_token()
    began = time.perf_counter()
    answer = browser.post(
        "/tickets/nuevo",
        csrf_token=token,
        borrador=draft_id,
        asunto=text.subject,
        descripcion=text.description,
        afeccion=AFFECTION,
        prioridad="normal",
        accion="enviar",
    )
    spent = time.perf_counter() - began
    if answer.status != 303:
        raise BenchError(f"filing over HTTP answered {answer.status}")
    return spent
