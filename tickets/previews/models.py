"""Pictures of our own making, in place of images that somebody sent."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Preview(Base):
    """A small or a large picture of an attached image; it goes when its blob goes."""

    __tablename__ = "previews"

    sha256: Mapped[str] = mapped_column(
        ForeignKey("blobs.sha256", ondelete="CASCADE"), primary_key=True
    )
    #: «small» or «large», as in `core.imaging.SIDES`.
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
