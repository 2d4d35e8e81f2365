"""One row of everything, so that every address of the site leads to something.

What a customer has belongs to Ana; Beto is her colleague with few rights, Carla a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.routing import Rule

import quotes.actions
from accounts import links, sessions
from accounts.bell.actions import ring
from accounts.bell.models import Notice
from accounts.links import Purpose
from accounts.mail_choices import MailKind
from accounts.mail_stops import token_for
from accounts.models import UserSession
from accounts.permissions import Actor
from contact.calls.actions import CallAsked
from contact.calls.actions import receive as receive_call
from contact.calls.models import CallRequest
from contact.chat.actions import Begun, Sent
from contact.chat.actions import close as close_chat
from contact.chat.actions import start as begin_chat
from contact.chat.actions import write as say
from contact.chat.handling import go_on_duty
from contact.chat.handling import take_next as take_chat
from contact.chat.models import Chat, ChatPicture
from contact.chat.policy import Side
from contact.chat.settling import ask_for_mail
from core import clock, outbox
from core.db import db, transaction
from core.files import check_file
from core.models import Job, Mail
from core.tokens import new_token, token_hash
from kb.actions import ArticleText, save_article
from kb.categories import put_category
from kb.images.models import ArticleImage
from kb.importing.actions import propose_import
from kb.learning.editing import add_words
from kb.synonyms.actions import GroupText, create_group
from kb.translations.actions import link
from kb.trials.actions import TrialText, save_trial
from kb.trials.policy import Kind as TrialKind
from quotes.answers.actions import Signed, ask
from quotes.catalogue.actions import PlanText, ProductText, save_product
from quotes.models import QuoteRequest
from quotes.pricing.models import QuoteQuestion
from tests.cast import START, Cast, browser_of
from tests.quotes.builders import drafted, sent
from tests.quotes.builders import token as quote_address
from tests.tickets.builders import draft, filed, taken
from tests.tickets.outages.builders import outaged
from tickets import drafts
from tickets.canned.actions import CannedText, create_answer
from tickets.diary.actions import Told, enter
from tickets.drafts import Upload
from tickets.handling import Reply, Then, reply
from tickets.inbound.models import InboundOriginal
from tickets.models import Attachment
from tickets.outcomes.policy import Seen
from tickets.vault import actions as vault
from tickets.vault.models import Secret
from tickets.vault.noticing import Kind

#: The number of the article in English.
ENGLISH = 3
#: One transparent pixel; previews are drawn of it.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "60606060000000050001a5f645400000000049454e44ae426082"
)
PEOPLE = ("visitor", "ana", "beto", "carla", "diego", "elena", "fabio", "gloria")
Values = dict[str, str | int]
#: Where an address names a row: the same shape, and no such row.
MISSING: Values = {
    "number": 999_999,
    "other": 999_999,
    "outage_number": 999_999,
    "attachment_id": 999_999,
    "secret_id": 999_999,
    "entry_id": 999_999,
    "person_id": 999_999,
    "link_id": 999_999,
    "job_id": 999_999,
    "mail_id": 999_999,
    "call_id": 999_999,
    "request_id": 999_999,
    "quote_id": 999_999,
    "question_id": 999_999,
    "product_id": 999_999,
    "article_id": 999_999,
    "answer_id": 999_999,
    "trial_id": 999_999,
    "import_id": 999_999,
    "group_id": 999_999,
    "version": 999_999,
    "slug": "no-existe",
    "token": "x" * 43,
    "draft_id": "x" * 43,
    "key": "x" * 64,
    "code": "xx",
    "filename": "no-existe.css",
    "message_id": 999_999,
    "notice_id": 999_999,
    "mes": "2001-01",
    "picture": "x" * 43,
    "chat_id": 999_999,
    "picture_id": 999_999,
}


@dataclass(frozen=True)
class World:
    """`common` fills the parameters of every address; `special` those of one endpoint. `tokens`
    are the sessions of the people."""

    common: Values
    special: dict[str, Values]
    tokens: dict[str, str]
    clients: dict[str, FlaskClient]

    def opened(self, app: Flask) -> World:
        """The same rows, and a browser of `app` for each kind of person."""
        with transaction() as session:
            # As if everybody had signed in just now.
            session.execute(update(UserSession).values(seen_at=clock.now()))
        signed_in = {name: browser_of(app, token) for name, token in self.tokens.items()}
        return replace(self, clients={"visitor": app.test_client(), **signed_in})

    def address(self, app: Flask, rule: Rule, *, missing: bool = False) -> str:
        """The address of a rule with real rows in it, or with rows that do not exist."""
        values = MISSING if missing else {**self.common, **self.special.get(rule.endpoint, {})}
        adapter = app.url_map.bind("localhost")
        wanted = {name: values[name] for name in rule.arguments}
        return adapter.build(rule.endpoint, wanted, method=method_of(rule))


def method_of(rule: Rule) -> str:
    """One method of the rule."""
    return "GET" if "GET" in (rule.methods or set()) else "POST"


def routes(app: Flask) -> dict[str, tuple[str, Rule]]:
    """Every method of every rule, as «POST /tickets/nuevo»: (method, rule)."""
    return {
        f"{method} {rule.rule}": (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def keep_original(message_id: int) -> None:
    """More was written in this message's mail than it shows."""
    with transaction() as session:
        session.add(InboundOriginal(message_id=message_id, text="El vie, …", at=START))


def make_rows(cast: Cast) -> World:
    """Fill the database; nobody has a browser yet."""
    number, attachment_id, message_id = _ticket(cast)
    public, hidden = _articles(cast)
    call_id, call_token = _call()
    quote_id, quote_token = _quote()
    offered, offer_token, question_id, draft_quote = _offers(cast)
    open_draft, solved_draft = _drafts(cast)
    add_words(actor=cast.elena, article_id=hidden, words={"rebot": "rebotan"}, now=START)
    job_id = _given_up_job()
    keep_original(message_id)
    # Before the links below: their mails would change the secrets that are known here.
    outbox.drain(clock.now())
    chat_token, chat_id, picture_id = _chat(cast)
    common: Values = {
        "chat_id": chat_id,
        "picture_id": picture_id,
        "number": number,
        "other": number,
        "outage_number": outaged(cast.diego, title="Red de Lima caída"),
        "attachment_id": attachment_id,
        "message_id": message_id,
        "mes": clock.in_lima(clock.now()).strftime("%Y-%m"),
        "secret_id": _secret(cast, number),
        "entry_id": _entry(cast, number),
        "notice_id": _notice(cast, number),
        "slug": "correo-lleno",
        "article_id": hidden,
        "answer_id": _canned_answer(cast),
        "trial_id": _trial(cast, hidden),
        "import_id": _import(cast),
        "group_id": create_group(
            actor=cast.elena,
            text=GroupText(("birrete", "gorro"), "es", False, ""),
            form_id="",
            now=START,
        ),
        "draft_id": open_draft,
        "picture": _picture(cast),
        "person_id": cast.beto.person_id,
        "job_id": job_id,
        "mail_id": db.session.scalars(select(func.min(Mail.id))).one() or 0,
        "call_id": call_id,
        "request_id": quote_id,
        "quote_id": offered,
        "question_id": question_id,
        "product_id": _product(cast),
        "version": 1,
        "code": "en",
        "filename": "css/base.css",
        "key": token_hash(sessions.start(cast.ana.person_id, browser="", now=clock.now())),
        "link_id": _link(Purpose.INVITE, "otra@example.com", company_id=cast.ana.company_id)[0],
    }
    replied = _reply_that_can_be_undone(cast, number)
    special: dict[str, Values] = {
        "workbench.undo": {"message_id": replied},
        "workbench.article": {"message_id": replied},
        "kb.category": {"slug": "correo"},
        "feeds.category_news": {"slug": "correo"},
        "feeds.article_map": {"number": 1},
        "editor.category": {"slug": "correo"},
        "editor.move_category": {"slug": "correo"},
        "editor.archive": {"article_id": public},
        "editor.restore": {"article_id": public, "number": 1},
        "editor.confirm_translation": {"article_id": ENGLISH},
        "tickets.solved": {"draft_id": solved_draft},
        "contact.receipt": {"token": call_token},
        "contact.change": {"token": call_token},
        "contact.withdraw": {"token": call_token},
        **{
            f"chat.{name}": {"token": chat_token}
            for name in (
                "show",
                "updates",
                "signals",
                "write",
                "close",
                "to_ticket",
                "to_call",
                "mail",
                "picture",
            )
        },
        **_read_chat(cast),
        "quotes.receipt": {"token": quote_token},
        **{
            f"quote_pages.{name}": {"token": offer_token}
            for name in ("show", "pdf", "accept", "decline", "ask")
        },
        "pricing_edit.edit": {"quote_id": draft_quote},
        "pricing_edit.save": {"quote_id": draft_quote},
        "accounts.invitation": {
            "token": _link(Purpose.INVITE, "nueva@example.com", company_id=cast.ana.company_id)[1]
        },
        "accounts.new_password": {
            "token": _link(Purpose.RESET, cast.ana.email, person_id=cast.ana.person_id)[1]
        },
        "accounts.mail_stop": {"token": token_for(cast.ana.person_id, MailKind.PLACE)},
        "accounts.stop_mail": {"token": token_for(cast.ana.person_id, MailKind.PLACE)},
        "accounts.confirm": {"token": _link(Purpose.CONFIRM, "nadie@example.com")[1]},
        "admin.person": {"person_id": cast.elena.person_id},
        "admin.change_roles": {"person_id": cast.elena.person_id},
    }
    return World(common, special, {name: _session(cast, name) for name in PEOPLE[1:]}, {})


def _notice(cast: Cast, number: int) -> int:
    with transaction() as session:
        ring(
            session,
            person_id=cast.ana.person_id,
            kind="ticket_replied",
            reference="world",
            about=f"ticket:{number}",
            now=START,
        )
        return session.scalars(select(Notice.id).where(Notice.reference == "world")).one()


def _session(cast: Cast, name: str) -> str:
    person: Actor = getattr(cast, name)
    return sessions.start(person.person_id, browser="test", now=clock.now())


def _ticket(cast: Cast) -> tuple[int, int, int]:
    file = Upload(check_file("captura.png", PNG), PNG)
    number = filed(cast.ana, subject="Secreto de Andina", uploads=(file,))
    taken(cast.diego)
    sent = select(Attachment.id, Attachment.message_id).where(Attachment.message_id.is_not(None))
    attachment_id, message_id = db.session.execute(sent).one()
    return number, attachment_id, message_id


def _canned_answer(cast: Cast) -> int:
    text = CannedText("Secreto de la mesa", "Hola, {{cliente}}.", "", "es")
    return create_answer(actor=cast.diego, text=text, form_id="", now=START)


def _trial(cast: Cast, article_id: int) -> int:
    text = TrialText(TrialKind.SEARCH, "secreto en borrador", [article_id])
    return save_trial(actor=cast.elena, text=text, now=START)


def _import(cast: Cast) -> int:
    told = {"new": 1, "changed": 0, "unchanged": 0, "rows": [], "refused": [], "remarks": []}
    return propose_import(
        actor=cast.elena, name="secreto.csv", content=b"x", told=told, now=clock.now()
    )


def _secret(cast: Cast, number: int) -> int:
    value = vault.Value("Secreto-de-Andina-1", Kind.PASSWORD, "Secreto de cPanel")
    vault.keep(number=number, actor=cast.ana, value=value, form_id="", now=clock.now())
    return db.session.scalars(select(Secret.id)).one()


def _entry(cast: Cast, number: int) -> int:
    told = Told("secreto.andina.pe", "Secreto de una entrada")
    return enter(number=number, actor=cast.diego, told=told, form_id=new_token(), now=START)


def _reply_that_can_be_undone(cast: Cast, number: int) -> int:
    held = Reply("Secreto todavía", Then.STAY, new_token(), hold=timedelta(hours=1))
    sent = reply(number=number, actor=cast.diego, answer=held, now=clock.now())
    assert sent.message_id is not None
    return sent.message_id


def _articles(cast: Cast) -> tuple[int, int]:
    shelf = put_category(actor=None, slug="correo", name="Correo", description="", now=START)
    put_category(actor=None, slug="dominios", name="Dominios", description="", now=START)
    ids = [
        save_article(
            actor=cast.elena,
            text=ArticleText(
                title=title, slug=slug, category_id=shelf, summary="", tags=(), lang=lang,
                body="Borre los mensajes grandes y vacíe la papelera del buzón.",
            ),
            publish=publish,
            now=START,
        )
        for slug, title, publish, lang in (
            ("correo-lleno", "El buzón de correo está lleno", True, "es"),
            ("secreto-borrador", "Secreto en borrador", False, "es"),
            ("full-mailbox", "The mailbox is full", True, "en"),
        )
    ]  # fmt: skip
    assert ids[2] == ENGLISH
    link(actor=cast.elena, article_id=ids[0], other_id=ENGLISH, now=START)
    return ids[0], ids[1]


def _picture(cast: Cast) -> str:
    """A stored picture of an article; the key in its address."""
    with transaction() as session:
        image = ArticleImage(
            name="0" * 32, width=1, height=1, size=len(PNG), content=PNG, alt="",
            uploader_id=cast.elena.person_id, added_at=START,
        )  # fmt: skip
        session.add(image)
        return image.key


def _drafts(cast: Cast) -> tuple[str, str]:
    opened, solved = draft(cast.ana), draft(cast.ana)
    owner = drafts.owner_of(cast.ana, "")
    seen = Seen(shown=[("correo-lleno", 1)])
    drafts.remember(draft_id=opened, owner=owner, seen=seen, now=START)
    drafts.remember(draft_id=solved, owner=owner, seen=seen, now=START)
    drafts.solve(draft_id=solved, owner=owner, slug="correo-lleno", now=START)
    return opened, solved


def _call() -> tuple[int, str]:
    token = new_token()
    asked = CallAsked("Rosa Paredes", "+51969782160", "manana", "Secreto de una llamada")
    receive_call(asked, token=token, actor=None, now=START)
    return db.session.scalars(select(CallRequest.id)).one(), token


def _chat(cast: Cast) -> tuple[str, int, int]:
    """Ana's conversation, which Diego holds: its address, its number, its picture."""
    told, token = Begun("Ana Quispe", cast.ana.email, "Secreto de un chat", "es", ""), new_token()
    begin_chat(told, token=token, actor=cast.ana, now=clock.now())
    session_token = sessions.start(cast.diego.person_id, browser="", now=clock.now())
    go_on_duty(actor=cast.diego, session_hash=token_hash(session_token), now=clock.now())
    chat_id = take_chat(actor=cast.diego, form_id="", now=clock.now())
    assert chat_id is not None
    sent = Sent("Secreto con imagen", new_token(), PNG, "pantalla.png")
    say(chat_id, sent, side=Side.STAFF, actor=cast.diego, now=clock.now())
    return token, chat_id, db.session.scalars(select(ChatPicture.id)).one()


def _read_chat(cast: Cast) -> dict[str, Values]:
    """A visitor's conversation that ended, by the link that was mailed."""
    told, token = Begun("Rosa Paredes", "rosa@example.com", "Secreto", "es", ""), new_token()
    begin_chat(told, token=token, actor=None, now=clock.now())
    chat_id = take_chat(actor=cast.diego, form_id="", now=clock.now())
    assert chat_id is not None
    sent = Sent("Secreto", new_token(), PNG, "pantalla.png")
    say(chat_id, sent, side=Side.STAFF, actor=cast.diego, now=clock.now())
    close_chat(chat_id, side=Side.STAFF, actor=cast.diego, now=clock.now())
    ask_for_mail(chat_id, now=clock.now())
    outbox.drain(clock.now())
    reading = db.session.get_one(Chat, chat_id).reading_token or ""
    picture = db.session.scalars(select(ChatPicture.id).order_by(ChatPicture.id.desc())).first()
    return {
        "chat.reading": {"token": reading},
        "chat.reading_picture": {"token": reading, "picture_id": picture or 0},
    }


def _quote() -> tuple[int, str]:
    token = new_token()
    asked = quotes.actions.Asked(
        "Rosa Paredes", "Secreto S.A.C.", None, "rosa@example.com", "+51969782160", "Un servidor"
    )
    quotes.actions.receive(asked, token=token, actor=None, now=START)
    return db.session.scalars(select(QuoteRequest.id)).one(), token


def _offers(cast: Cast) -> tuple[int, str, int, int]:
    """A quote that was sent to Ana, with a question: (id, secret, question's id), and a draft."""
    now = clock.now()
    offered = sent(cast.fabio, email=cast.ana.email, customer="Secreto S.A.C.", now=now)
    form_id = new_token()
    ask(quote_id=offered, version=1, text="Secreto", form_id=form_id, by=Signed(), now=now)
    question = db.session.scalars(select(QuoteQuestion.id)).one()
    draft_quote = drafted(cast.fabio, customer="Secreto E.I.R.L.", now=now)
    return offered, quote_address(offered), question, draft_quote


def _product(cast: Cast) -> int:
    text = ProductText("VPS", plans=[PlanText(None, "4 GB", "monthly", 12_050, None)])
    return save_product(actor=cast.fabio, text=text, product_id=None, revision=0, now=START)


def _given_up_job() -> int:
    with transaction() as session:
        job = Job(
            kind="proof.unknown", payload={}, created_at=START, run_at=START, failed_at=START,
            last_error="Secreto de un trabajo",
        )  # fmt: skip
        session.add(job)
        session.flush()
        return job.id


def _link(
    purpose: Purpose, email: str, *, person_id: int | None = None, company_id: int | None = None
) -> tuple[int, str]:
    now, token = clock.now(), new_token()
    with transaction() as session:
        link = links.ask(
            session, purpose=purpose, email=email, now=now,
            person_id=person_id, company_id=company_id,
        )  # fmt: skip
        link_id = link.id
    links.write(link_id, token, person_id=person_id, now=now)
    return link_id, token
