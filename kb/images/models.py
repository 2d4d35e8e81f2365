"""Pictures of articles: of our own making, whatever was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment
from core.pictures import FOLDER, key_of


class ArticleImage(Base):
    """A picture that articles show. `name` is the beginning of the SHA-256 of its bytes: the same
    picture is stored once, and an address always means the same bytes."""

    __tablename__ = "article_images"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: The text for whoever does not see it, as it was given with the upload.
    alt: Mapped[str] = mapped_column(String(300), default="")
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, index=True)

    uploader: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def key(self) -> str:
        return key_of(self.name, self.width, self.height)

    @property
    def address(self) -> str:
        return f"{FOLDER}{self.key}.webp"
