"""What is kept, how often a page may ask, and how many are shown. Pure."""

from __future__ import annotations

from datetime import timedelta

#: What was read is forgotten after this long, and what nobody read after that long.
READ_KEPT, UNREAD_KEPT = timedelta(days=90), timedelta(days=365)
#: At most so many are kept for each person, the newest.
MOST_KEPT = 500
#: Lines of the page, and of the panel of the bell.
PAGE_SIZE, PANEL_SIZE = 30, 8
#: Seconds between two questions of a page that is looked at.
EVERY_SECONDS = 20
#: A badge has no room for more.
MOST_COUNTED = 99
#: Questions of one person in a minute that are answered: several browsers stay below it.
MOST_IN_A_MINUTE = 60


def count_shown(unread: int) -> str:
    """«3», or «99+»."""
    return f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread)
