"""An article begun with the answer of a ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

import kb.actions
from accounts.permissions import Actor, may_work_desk
from kb.actions import ArticleText
from kb.writing import queries as written
from kb.writing.actions import name_source
from tickets.refusals import NotAllowed
from tickets.vault.masking import masked
from tickets.workbench.answers import Named, anonymous, for_everybody


def draft_article(
    *,
    actor: Actor,
    number: int,
    message_id: int,
    subject: str,
    answer: str,
    named: Named,
    category_id: int,
    now: datetime,
) -> int:
    """Keep an answer as an unpublished article for the editors to finish; its id.

    What names the customer and what looks like a password is masked. The same message makes one
    article, however often it is asked. Raises NotAllowed, and what `kb.actions.save_article`
    raises.
    """
    if not may_work_desk(actor):
        raise NotAllowed("desk")
    key = f"t:{number}:m:{message_id}"
    if (made := written.made_of(key)) is not None:
        return made
    text = ArticleText(
        title=anonymous(masked(subject), named),
        slug="",
        category_id=category_id,
        summary="",
        tags=(),
        lang="es",
        body=for_everybody(masked(answer), named),
    )
    article_id = kb.actions.save_article(actor=actor, text=text, now=now)
    named_as = {"name": f"Ticket {number}", "path": f"/mesa/tickets/{number}#m{message_id}"}
    try:
        name_source(article_id=article_id, key=key, now=now, **named_as)
    except IntegrityError:
        # It was asked twice at once: the first one stands.
        kb.actions.delete_article(actor=actor, article_id=article_id, now=now)
        return written.made_of(key) or article_id
    return article_id
