"""The fields at the head of a Markdown file, read as text and checked one by one."""

from __future__ import annotations

from datetime import UTC, datetime, time

import yaml

from core.clock import LIMA
from core.wording import clean_line
from kb import policy
from kb.importing.entries import Refused, checked_lang, checked_title

MAX_FRONT_MATTER = 20_000
#: Moments outside of these years are slips of the pen; the last of all cannot even be shown.
YEARS = range(1970, 2200)
_TRUTHS = {"true": True, "yes": True, "sí": True, "si": True, "false": False, "no": False}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class FrontMatter:
    """The fields between the dashes, with the lines they stand on; every value is text."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FRONT_MATTER:
            raise Refused(
                1, "front matter is longer than %(most)d characters", most=MAX_FRONT_MATTER
            )
        node = composed(text)
        if not isinstance(node, yaml.MappingNode):
            raise Refused(1, "front matter is no list of fields")
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if _is_scalar(key) and key.value in self._nodes:
                line = key.start_mark.line + 2
                raise Refused(line, "%(field)s stands there twice", field=key.value[:40])
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
            raise Refused(self.at(name), "%(field)s is no text", field=name)
        return clean_line(node.value, MAX_FRONT_MATTER)

    def title(self) -> str:
        return checked_title(self.line("title"), self.at("title"))

    def category(self) -> tuple[str, str]:
        """Its address, and its name where the file gives one instead of an address."""
        category = self.line("category")
        if not policy.has_words(category):
            raise Refused(self.at("category"), "category is missing")
        if policy.is_slug(category, policy.MAX_CATEGORY_SLUG):
            return category, ""
        name = clean_line(category, policy.MAX_CATEGORY_NAME)
        return policy.slug_from(name), name

    def lang(self) -> str:
        return checked_lang(self.line("lang") or policy.LANGUAGES[0], self.at("lang"))

    def tags(self) -> tuple[str, ...]:
        node = self._nodes.get("tags")
        if node is None or _is_scalar(node):
            return tuple(policy.tags_from(self.line("tags")))
        if not isinstance(node, yaml.SequenceNode) or not all(map(_is_scalar, node.value)):
            raise Refused(self.at("tags"), "tags is no list of words")
        listed = ",".join(clean_line(item.value, policy.MAX_TAG) for item in node.value)
        return tuple(policy.tags_from(listed))

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words, or a line of them between commas; each once, none empty."""
        node = self._nodes.get(name)
        if node is None or _is_scalar(node):
            items = self.line(name).split(",")
        elif isinstance(node, yaml.SequenceNode) and all(map(_is_scalar, node.value)):
            items = [clean_line(item.value, policy.MAX_SLUG) for item in node.value]
        else:
            raise Refused(self.at(name), "%(field)s is no list of words", field=name)
        return tuple(dict.fromkeys(word.strip() for word in items if word.strip()))

    def truth(self, name: str) -> bool | None:
        """A field that says yes or no; None where it is missing."""
        word = self.line(name).casefold()
        if word and word not in _TRUTHS:
            reason = "%(field)s is neither true nor false: %(word)r"
            raise Refused(self.at(name), reason, field=name, word=word[:40])
        return _TRUTHS.get(word)

    def slugs(self, name: str) -> tuple[str, ...]:
        """The addresses of a list; what can be none is passed over."""
        node = self._nodes.get(name)
        items = node.value if isinstance(node, yaml.SequenceNode) else ()
        return tuple(i.value for i in items if _is_scalar(i) and policy.is_slug(i.value))

    def moment(self, name: str) -> datetime | None:
        return moment_from(self.line(name), self.at(name), name)


def composed(text: str) -> yaml.Node | None:
    """The nodes of a YAML text that stands below one line of dashes. Raises Refused."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        raise Refused(line, "broken YAML: %(why)s", why=error.problem or error.context) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Refused(1, "broken YAML: it cannot be read") from error


def moment_from(text: str, line: int, name: str) -> datetime | None:
    """An ISO date or moment; a date alone, and a moment without a zone, are Lima's.

    None for ''. Raises Refused.
    """
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
        reason = "%(field)s is no date like 2026-03-01: %(word)r"
        raise Refused(line, reason, field=name, word=text[:40]) from error


def _is_scalar(node: object) -> bool:
    return isinstance(node, yaml.ScalarNode)
