"""The fields at the head of a Markdown file, read as text and checked one by one."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from core.clock import LIMA
from core.wording import clean_line
from kb import policy

#: A longer file holds no article; it is not even read.
MAX_FILE = 2 * 1024 * 1024
MAX_FRONT_MATTER = 20_000
#: Moments outside of these years are slips of the pen; the last of all cannot even be shown.
YEARS = range(1970, 2200)
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Refused(Exception):
    """A file that cannot be taken: the line (from 1) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class FrontMatter:
    """The fields between the dashes, with the lines they stand on; every value is text."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FRONT_MATTER:
            raise Refused(1, f"front matter is longer than {MAX_FRONT_MATTER} characters")
        try:
            node = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 2 if mark else 1
            raise Refused(line, f"broken YAML: {error.problem or error.context}") from error
        except (yaml.YAMLError, RecursionError) as error:
            raise Refused(1, "broken YAML: it cannot be read") from error
        if not isinstance(node, yaml.MappingNode):
            raise Refused(1, "front matter is no list of fields")
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if _is_scalar(key) and key.value in self._nodes:
                raise Refused(key.start_mark.line + 2, f"{key.value[:40]} stands there twice")
            if _is_scalar(key):
                self._nodes[key.value] = value

    def at(self, name: str) -> int:
        """The line of the file on which a field stands; 1 where it is missing."""
        node = self._nodes.get(name)
        return node.start_mark.line + 2 if node else 1

    def line(self, name: str) -> str:
        """A field as one clean line; '' where it is missing."""
        node = self._nodes.get(name)
        if node is None:
            return ""
        if not _is_scalar(node):
            raise Refused(self.at(name), f"{name} is no text")
        return clean_line(node.value, MAX_FRONT_MATTER)

    def title(self) -> str:
        title = self.line("title")
        if not policy.has_words(title):
            raise Refused(self.at("title"), "title is missing")
        if len(title) > policy.MAX_TITLE:
            raise Refused(self.at("title"), f"title is longer than {policy.MAX_TITLE} characters")
        return title

    def category(self) -> str:
        category = self.line("category")
        if not category:
            raise Refused(self.at("category"), "category is missing")
        if not policy.is_slug(category, policy.MAX_CATEGORY_SLUG):
            reason = f"category is not lower-case words with hyphens: {category[:80]!r}"
            raise Refused(self.at("category"), reason)
        return category

    def lang(self) -> str:
        lang = self.line("lang") or policy.LANGUAGES[0]
        if lang not in policy.LANGUAGES:
            raise Refused(self.at("lang"), f"lang is none of {', '.join(policy.LANGUAGES)}")
        return lang

    def tags(self) -> tuple[str, ...]:
        node = self._nodes.get("tags")
        if node is None or _is_scalar(node):
            return tuple(policy.tags_from(self.line("tags")))
        if not isinstance(node, yaml.SequenceNode) or not all(map(_is_scalar, node.value)):
            raise Refused(self.at("tags"), "tags is no list of words")
        listed = ",".join(clean_line(item.value, policy.MAX_TAG) for item in node.value)
        return tuple(policy.tags_from(listed))

    def moment(self, name: str) -> datetime | None:
        text = self.line(name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            if len(text) <= 10:
                # A date alone: the middle of that day in Lima, so that it is shown as that day.
                moment = datetime.combine(moment, time(12))
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=LIMA)).astimezone(UTC)
            if moment.year not in YEARS:
                raise ValueError(text)
            return moment
        except (ValueError, OverflowError) as error:
            reason = f"{name} is no date like 2026-03-01: {text[:40]!r}"
            raise Refused(self.at(name), reason) from error


def _is_scalar(node: object) -> bool:
    return isinstance(node, yaml.ScalarNode)


def text_of(path: Path) -> str:
    """The text of a file. Raises Refused."""
    try:
        if not path.is_file():
            raise Refused(1, "is no file, or a link to nothing")
        if path.stat().st_size > MAX_FILE:
            raise Refused(1, f"the file is larger than {MAX_FILE // 1024} KB")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(1, f"cannot be read: {error.strerror}") from error
    if b"\0" in data:
        raise Refused(data[: data.index(b"\0")].count(b"\n") + 1, "holds a NUL character")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(data[: error.start].count(b"\n") + 1, "is not UTF-8") from error
