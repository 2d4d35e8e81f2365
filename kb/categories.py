"""What editors do with categories, the shelves of the FAQ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit
from core.counters import touch_content
from core.db import transaction
from kb.addresses import leading
from kb.addresses.models import FormerShelf
from kb.following import Gone
from kb.models import Category
from kb.policy import MAX_CATEGORY_SLUG, is_slug, slug_from


class NameTaken(Exception):
    """Another category is called so."""


def create_category(
    *, actor: Actor, name: str, description: str, position: int | None = None, now: datetime
) -> None:
    """A new category with an address made of its name. Raises NameTaken."""
    with transaction() as session:
        known = _alone_with_all(session)
        _refuse_taken(name, known)
        former = session.scalars(select(FormerShelf.slug))
        slug = _free_slug(name, {category.slug for category in known} | set(former))
        place = position if position is not None else _after_the_last(session)
        category = Category(slug=slug, name=name, description=description, position=place)
        session.add(category)
        session.flush()
        _record_category(category, actor, now)


def change_category(
    *,
    actor: Actor,
    category_id: int,
    name: str,
    description: str,
    position: int | None = None,
    slug: str = "",
    now: datetime,
) -> None:
    """Other words for a category; its address and its place stay where none is given.

    Raises NameTaken, SlugTaken, Gone, and ValueError for a slug that is none.
    """
    if slug and not is_slug(slug, MAX_CATEGORY_SLUG):
        raise ValueError(slug)
    with transaction() as session:
        known = _alone_with_all(session)
        category = next((c for c in known if c.id == category_id), None)
        if category is None:
            raise Gone
        _refuse_taken(name, [other for other in known if other.id != category_id])
        _describe(category, name, description, position)
        if slug and slug != category.slug:
            leading.move_shelf(session, category, slug, now=now)
        _record_category(category, actor, now)


def _alone_with_all(session: Session) -> Sequence[Category]:
    # First, because its row locks out whoever names a category at the same moment.
    touch_content()
    return session.scalars(select(Category)).all()


def _refuse_taken(name: str, others: Sequence[Category]) -> None:
    if any(other.name.casefold() == name.casefold() for other in others):
        raise NameTaken


def _describe(category: Category, name: str, description: str, position: int | None) -> None:
    category.name, category.description = name, description
    if position is not None:
        category.position = position


def _free_slug(name: str, taken: set[str]) -> str:
    # Names without Latin letters would all have the same one.
    wanted = slug_from(name)
    return next(s for n in count(1) if (s := f"{wanted}-{n}" if n > 1 else wanted) not in taken)


def put_category(
    *,
    actor: Actor | None,
    slug: str,
    name: str,
    description: str,
    position: int | None = None,
    now: datetime,
) -> int:
    """Create the category `slug`, or change its words; its id. Without a position a new one
    goes last and an old one stays. A former address means the category that has moved, whose
    words stay. Raises ValueError for a slug that is none."""
    if not is_slug(slug, MAX_CATEGORY_SLUG):
        raise ValueError(slug)
    with transaction() as session:
        category = session.scalar(select(Category).where(Category.slug == slug))
        if category is None and (moved := session.get(FormerShelf, slug)) is not None:
            return moved.category_id
        if category is None:
            category = Category(slug=slug, position=_after_the_last(session))
            session.add(category)
        _describe(category, name, description, position)
        session.flush()
        _record_category(category, actor, now)
        return category.id


def move_category(*, actor: Actor, category_id: int, step: int, now: datetime) -> None:
    """Move a category one place up (`step` -1) or down (1). Raises Gone."""
    with transaction() as session:
        order = list(session.scalars(select(Category).order_by(Category.position, Category.name)))
        places = {category.id: place for place, category in enumerate(order)}
        if category_id not in places:
            raise Gone
        place = places[category_id]
        target = min(max(place + step, 0), len(order) - 1)
        order.insert(target, order.pop(place))
        for number, category in enumerate(order, 1):
            category.position = number
        _record_category(order[target], actor, now)


def _after_the_last(session: Session) -> int:
    last = session.scalar(select(Category.position).order_by(Category.position.desc()).limit(1))
    return (last or 0) + 1


def _record_category(category: Category, actor: Actor | None, now: datetime) -> None:
    audit.record(
        "category.saved",
        f"category:{category.id}",
        actor_id=actor.person_id if actor else None,
        now=now,
        slug=category.slug,
    )
    touch_content()
