"""The form of an article as it was left, and the choices of whoever puts two texts together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from accounts.access import signed_in_actor
from core.tokens import clean_token
from core.wording import clean_line, clean_text
from kb import policy
from kb.editor_queries import working_text
from kb.forms import ArticleForm
from kb.models import Article
from kb.revisions.policy import ArticleText
from kb.revisions.writing import text_of
from kb.writing import drafts, queries
from kb.writing.drafts import Typed
from kb.writing.merging import Piece, both, common, conflicts, merge, one_of, together
from kb.writing.models import ArticleDraft
from kb.writing.policy import LONGEST_FIELD

#: Fields of the form that say nothing of the article.
_APART = frozenset({"csrf_token", "texto", "promesa", "acuerdo", "revision"})


def typed_in(form: ArticleForm) -> Typed | None:
    """What the request holds of an article; None where it is more than one can be."""
    given = {
        name: request.form.getlist(name)[:100]
        for name in form._fields
        if name in request.form and (name == "revision" or name not in _APART)
    }
    text = clean_text(request.form.get("texto", ""))
    fits = all(len(value) <= LONGEST_FIELD for values in given.values() for value in values)
    if len(text) > policy.MAX_BODY or not fits:
        return None
    return Typed(clean_line(request.form.get("titulo", ""), 300), text, given)


def draft_place() -> str:
    """The token of the page on which a new article is written; '' where none was given."""
    return clean_token(request.form.get("borrador", "") or request.args.get("borrador", "")) or ""


def recover(form: ArticleForm, article: Article | None) -> ArticleDraft | None:
    """Put into the form what this person typed and did not save, and return that.

    Nothing where it is what the form shows anyhow. For a new article the address says which.
    """
    actor = signed_in_actor()
    place = draft_place()
    if article is not None:
        draft = queries.draft_of(actor, article)
    else:
        draft = queries.new_draft(actor, place) if place else None
    if draft is None:
        return None
    kept = [(name, value) for name, values in draft.fields.items() for value in values]
    formdata = MultiDict([*kept, ("texto", draft.text)])
    left, sent = ArticleForm(formdata=formdata), set(draft.fields)
    if not left.slug.data:
        # Left to the title: that is no other address than the stored one.
        sent.discard("slug")
    if _tells(left, sent) == _tells(form, sent):
        return None
    form.process(formdata=formdata)
    return draft


def _tells(form: ArticleForm, sent: Collection[str]) -> dict[str, Any]:
    """What a form says. A field that was not sent was not on the page; a box that was not ticked
    is not sent either."""
    return {
        one.name: one.data or ""
        for one in form
        if one.name == "texto"
        or (one.name not in _APART and (one.name in sent or isinstance(one, BooleanField)))
    }


def forget_typed(article_id: int | None) -> None:
    """What was typed is saved: its draft goes. None is a new article."""
    actor = signed_in_actor()
    if article_id is not None:
        drafts.forget(actor=actor, article_id=article_id)
    elif place := draft_place():
        drafts.forget_new(actor=actor, place=place)


@dataclass(frozen=True)
class Choice:
    """A field that both changed: how each of them has it, in words, and the label."""

    name: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """Two versions of one article, piece by piece.

    `fields` are those to choose of; `taken` the names of those that only the other one changed.
    """

    pieces: list[Piece]
    fields: list[Choice]
    taken: list[str]

    @property
    def conflicts(self) -> list[Piece]:
        return conflicts(self.pieces)


def merged(form: ArticleForm, article: Article) -> Merged:
    """The form against what is stored now; `form.revision` says from which revision it began."""
    base = queries.revision_of(article.id, form.read_revision)
    theirs = _form_of(form, article, working_text(article))
    begun = _form_of(form, article, text_of(article, base)) if base else None
    text, stored = form.texto.data or "", theirs.texto.data
    pieces = merge(base.body if base else common(text, stored), text, stored)
    fields: list[Choice] = []
    taken: list[str] = []
    for one, other in zip(form, theirs, strict=True):
        if one.name in _APART or one.name not in request.form:
            continue
        if one.name == "slug" and not one.data:
            # Left to the title, or not on the page at all.
            continue
        mine, saved = one.data or "", other.data or ""
        # Who may read it is no part of a revision.
        known = begun is not None and one.name != "publico"
        chosen = one_of(begun[one.name].data if begun and known else None, mine, saved)
        if chosen is None:
            fields.append(Choice(one.name, str(one.label.text), _said(one), _said(other)))
        elif chosen != mine:
            taken.append(one.name)
    return Merged(pieces, fields, taken)


def _form_of(form: ArticleForm, article: Article, text: ArticleText) -> ArticleForm:
    """A form that shows a stored text."""
    shown = ArticleForm(formdata=None)
    shown.categoria.choices = form.categoria.choices
    shown.show(article, text)
    return shown


def _said(one: Any) -> str:
    """The value of a field as people read it."""
    choices = {str(key): str(label) for key, label, *_ in getattr(one, "choices", None) or ()}
    value = str(one.data) if one.data not in (None, "") else ""
    return choices.get(value, value)


def decided(form: ArticleForm, article: Article) -> Typed | None:
    """The article as the request puts it together; None while something is undecided."""
    found = merged(form, article)
    typed = typed_in(form)
    theirs = dict(_sent(_form_of(form, article, working_text(article))))
    answers = [_answer(number, piece) for number, piece in enumerate(found.conflicts)]
    wanted = {choice.name: request.form.get(f"campo-{choice.name}") for choice in found.fields}
    if typed is None or None in answers or not set(wanted.values()) <= {"mine", "theirs"}:
        return None
    text = together(found.pieces, dict(enumerate(answer or "" for answer in answers)))
    fields = dict(typed.fields)
    for name in [*found.taken, *(name for name, side in wanted.items() if side == "theirs")]:
        fields[name] = [theirs.get(name, "")]
    # From here on it is a change of what is stored.
    fields["revision"] = [str(article.last_revision)]
    title = fields.get("titulo", [typed.title])[0]
    return replace(typed, title=title, text=text, fields=fields)


def _sent(form: ArticleForm) -> Iterator[tuple[str, str]]:
    """The fields of a form as a browser would send them."""
    for one in form:
        if one.data not in (None, False):
            yield one.name, one._value() if hasattr(one, "_value") else str(one.data)


def _answer(number: int, piece: Piece) -> str | None:
    """What was chosen for a conflict; None where nothing was."""
    choice = request.form.get(f"conflicto-{number}")
    if choice == "texto":
        return clean_text(request.form.get(f"texto-{number}", ""))
    return {"mine": piece.mine, "theirs": piece.theirs, "both": both(piece)}.get(choice or "")
