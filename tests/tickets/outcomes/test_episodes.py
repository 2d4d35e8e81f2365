"""What is kept of a suggestion, from the draft to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Actor
from core.db import db
from core.tokens import new_token, token_hash
from kb.usage.queries import uses_of
from tests.cast import START, Cast
from tests.kb.articles import make_articles
from tests.tickets.builders import answered, draft, taken, without_undo
from tickets import actions, drafts, handling, opening
from tickets.handling import Then
from tickets.models import Draft, Ticket
from tickets.outcomes.models import Episode, ShownArticle
from tickets.outcomes.policy import WINDOW, Facts, Outcome, Seen, outcome
from tickets.outcomes.queries import provenance

ANSWER, OTHER = "no-recibo-correos", "correo-en-spam"
SEEN = Seen(shown=[(ANSWER, 1), (OTHER, 2)], opened=[ANSWER], searched=["gmail no llega"])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    return make_articles(cast.elena, count=5)


def shown(actor: Actor, seen: Seen = SEEN, **written: str) -> str:
    """A draft to which answers were shown."""
    draft_id = draft(actor, **written)  # type: ignore[arg-type]
    drafts.remember(draft_id=draft_id, owner=drafts.owner_of(actor, ""), seen=seen, now=START)
    return draft_id


def solved(actor: Actor, slug: str = ANSWER, **written: str) -> str:
    draft_id = shown(actor, **written)
    owner = drafts.owner_of(actor, "")
    assert drafts.solve(draft_id=draft_id, owner=owner, slug=slug, now=START)
    return draft_id


def file(actor: Actor, draft_id: str, *, after: timedelta = HOUR) -> int:
    return opening.file_ticket(
        draft_id=draft_id, owner=drafts.owner_of(actor, ""), actor=actor, now=START + after
    )


def episode(draft_id: str) -> Episode:
    db.session.rollback()
    return db.session.scalars(select(Episode).where(Episode.draft == token_hash(draft_id))).one()


def ended(draft_id: str, *, after: timedelta) -> Outcome:
    kept = episode(draft_id)
    return outcome(Facts(kept.solved_at, kept.filed_at, kept.returned_at), START + after)


def test_draft_and_ticket_keep_what_was_searched_shown_and_opened(
    cast: Cast, ids: dict[str, int]
) -> None:
    number = file(cast.ana, shown(cast.ana))
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
    before = provenance(ticket)
    assert before.searched == ["gmail no llega"]
    assert [(one.slug, one.place, one.opened) for one in before.shown] == [
        (ANSWER, 1, True),
        (OTHER, 2, False),
    ]
    assert before.opened[0].opened_at == START


def test_filing_after_reading_is_a_silent_no(cast: Cast, ids: dict[str, int]) -> None:
    file(cast.ana, shown(cast.ana))
    assert uses_of(ids.values()) == {ids[ANSWER]: {"filed_after_reading": 1}}


def test_answers_that_were_not_enough_end_as_filed(cast: Cast, ids: dict[str, int]) -> None:
    draft_id = shown(cast.ana)
    assert ended(draft_id, after=DAY) is Outcome.UNKNOWN
    file(cast.ana, draft_id)
    assert ended(draft_id, after=DAY) is Outcome.FILED


def test_yes_counts_when_a_week_has_passed(cast: Cast, ids: dict[str, int]) -> None:
    draft_id = solved(cast.ana)
    assert ended(draft_id, after=DAY) is Outcome.UNKNOWN
    assert ended(draft_id, after=WINDOW) is Outcome.CONFIRMED
    assert uses_of(ids.values()) == {ids[ANSWER]: {"confirmed": 1}}


def test_going_on_with_the_draft_takes_the_yes_back(cast: Cast, ids: dict[str, int]) -> None:
    draft_id = solved(cast.ana)
    owner = drafts.owner_of(cast.ana, "")
    before = db.session.get_one(Draft, draft_id).description
    assert drafts.come_back(draft_id=draft_id, owner=owner, now=START + HOUR)
    db.session.rollback()
    kept = db.session.get_one(Draft, draft_id)
    assert (kept.description, kept.solved_at) == (before, None)
    assert ended(draft_id, after=WINDOW) is Outcome.CAME_BACK
    assert uses_of(ids.values())[ids[ANSWER]] == {"confirmed": 1, "came_back": 1}


def test_filing_the_solved_draft_takes_the_yes_back(cast: Cast, ids: dict[str, int]) -> None:
    draft_id = solved(cast.ana)
    file(cast.ana, draft_id, after=DAY)
    assert ended(draft_id, after=WINDOW) is Outcome.CAME_BACK


def test_a_draft_says_yes_once(cast: Cast, ids: dict[str, int]) -> None:
    draft_id, owner = solved(cast.ana), drafts.owner_of(cast.ana, "")
    for slug in (ANSWER, OTHER):
        assert drafts.solve(draft_id=draft_id, owner=owner, slug=slug, now=START + HOUR)
    drafts.come_back(draft_id=draft_id, owner=owner, now=START + HOUR)
    drafts.solve(draft_id=draft_id, owner=owner, slug=OTHER, now=START + 2 * HOUR)
    assert ended(draft_id, after=WINDOW) is Outcome.CAME_BACK
    assert uses_of([ids[OTHER]]) == {}


def test_one_person_says_yes_to_one_article_once_a_day(cast: Cast, ids: dict[str, int]) -> None:
    drafts_of_ana = [solved(cast.ana) for _ in range(4)]
    assert [episode(one).solved_at is not None for one in drafts_of_ana] == [True, *[False] * 3]
    assert uses_of(ids.values()) == {ids[ANSWER]: {"confirmed": 1}}


@pytest.mark.parametrize(
    ("subject", "description", "seen", "days", "back"),
    [
        # The same words, nothing shown.
        ("Los correos de Gmail no llegan", "Siguen sin aparecer en la bandeja.", Seen(), 2, True),
        # Other words; the same article was shown again.
        ("La bandeja está vacía", "Nada entra.", Seen(shown=[(ANSWER, 3)]), 2, True),
        ("Quiero otra factura con RUC", "La de marzo salió sin razón social.", Seen(), 2, False),
        ("Los correos de Gmail no llegan", "Siguen sin aparecer.", Seen(), 8, False),
    ],
)
def test_later_ticket_on_the_same_matter_takes_the_yes_back(
    cast: Cast,
    ids: dict[str, int],
    subject: str,
    description: str,
    seen: Seen,
    days: int,
    back: bool,
) -> None:
    first = solved(cast.ana)
    again = shown(cast.ana, seen, subject=subject, description=description)
    number = file(cast.ana, again, after=timedelta(days=days))
    assert ended(first, after=timedelta(days=60)) is (
        Outcome.CAME_BACK if back else Outcome.CONFIRMED
    )
    assert episode(first).returned_ticket == (number if back else None)


def test_colleagues_ticket_takes_the_yes_back_and_a_strangers_does_not(
    cast: Cast, ids: dict[str, int]
) -> None:
    first = solved(cast.ana)
    file(cast.carla, shown(cast.carla), after=DAY)
    assert ended(first, after=WINDOW) is Outcome.CONFIRMED
    file(cast.beto, shown(cast.beto), after=2 * DAY)
    assert ended(first, after=WINDOW) is Outcome.CAME_BACK


def test_visitors_episode_becomes_theirs_at_sign_in(cast: Cast, ids: dict[str, int]) -> None:
    visitor, draft_id = new_token(), new_token()
    owner = drafts.owner_of(None, visitor)
    written = drafts.Written("No llegan correos de Gmail", "Desde ayer.", "", "normal")
    drafts.save_draft(draft_id=draft_id, owner=owner, written=written, seen=SEEN, now=START)
    drafts.solve(draft_id=draft_id, owner=owner, slug=ANSWER, now=START)
    assert episode(draft_id).company_id is None
    drafts.adopt(cast.ana, visitor)
    assert episode(draft_id).owner == drafts.owner_of(cast.ana, "")
    file(cast.beto, shown(cast.beto), after=DAY)
    assert ended(draft_id, after=WINDOW) is Outcome.CAME_BACK


def test_outcome_outlives_the_draft_and_forgets_whose_it_was(
    cast: Cast, ids: dict[str, int]
) -> None:
    yes, no = solved(cast.ana), shown(cast.carla)
    drafts.purge(now=START + timedelta(days=15))
    assert db.session.get(Draft, yes) is None
    assert ended(yes, after=timedelta(days=15)) is Outcome.CONFIRMED
    drafts.purge(now=START + timedelta(days=31))
    assert [(episode(one).owner, episode(one).company_id) for one in (yes, no)] == [("", None)] * 2
    kept = db.session.scalars(select(ShownArticle.article_id)).all()
    assert sorted(kept) == sorted([ids[ANSWER], ids[OTHER]] * 2)


def test_draft_added_to_an_open_ticket_was_not_solved(cast: Cast, ids: dict[str, int]) -> None:
    number = file(cast.ana, draft(cast.ana))
    draft_id, owner = shown(cast.ana), drafts.owner_of(cast.ana, "")
    actions.add_draft_to_ticket(
        draft_id=draft_id, owner=owner, number=number, actor=cast.ana, now=START + HOUR
    )
    assert ended(draft_id, after=DAY) is Outcome.FILED


def test_withdrawn_and_unknown_articles_leave_no_trace(cast: Cast, ids: dict[str, int]) -> None:
    draft_id = shown(cast.ana, Seen(shown=[("no-existe", 1)], opened=["tampoco"]))
    assert db.session.scalars(select(Episode)).all() == []
    assert db.session.get_one(Draft, draft_id).shown == []


def reply(number: int, actor: Actor, then: Then, *slugs: str, after: timedelta) -> None:
    answer = handling.Reply("Vea esto.", then, new_token(), articles=slugs)
    handling.reply(number=number, actor=actor, answer=answer, now=START + after)


def test_article_in_a_reply_is_used_and_resolves_with_the_ticket(
    app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    without_undo()
    file(cast.ana, draft(cast.ana))
    number = taken(cast.diego, now=START + HOUR)
    reply(number, cast.diego, Then.STAY, ANSWER, after=2 * HOUR)
    assert uses_of(ids.values()) == {ids[ANSWER]: {"inserted": 1}}
    reply(number, cast.diego, Then.RESOLVE, ANSWER, OTHER, after=3 * HOUR)
    both = {"inserted": 1, "resolved": 1}
    assert uses_of(ids.values()) == {ids[ANSWER]: both, ids[OTHER]: both}
    handling.reopen(
        number=number, actor=cast.diego, text="Faltó.", form_id=new_token(), now=START + 4 * HOUR
    )
    assert uses_of(ids.values()) == {one: {"inserted": 1} for one in (ids[ANSWER], ids[OTHER])}


def test_undone_reply_used_nothing(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    from tickets.models import Message
    from tickets.workbench.actions import undo_reply

    file(cast.ana, draft(cast.ana))
    number = taken(cast.diego, now=START + HOUR)
    reply(number, cast.diego, Then.STAY, ANSWER, after=HOUR)
    answer = handling.Reply(
        "Listo.", Then.RESOLVE, new_token(), articles=[ANSWER, OTHER], hold=timedelta(seconds=30)
    )
    handling.reply(number=number, actor=cast.diego, answer=answer, now=START + 2 * HOUR)
    last = db.session.scalars(select(Message.id).order_by(Message.id.desc())).first()
    assert last is not None
    undo_reply(number=number, message_id=last, actor=cast.diego, now=START + 2 * HOUR)
    assert uses_of(ids.values()) == {ids[ANSWER]: {"inserted": 1}}


def test_ticket_resolved_without_articles_uses_none(cast: Cast, ids: dict[str, int]) -> None:
    file(cast.ana, draft(cast.ana))
    answered(taken(cast.diego, now=START + HOUR), cast.diego, Then.RESOLVE, now=START + HOUR)
    assert uses_of(ids.values()) == {}
