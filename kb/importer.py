"""A folder of Markdown files with front matter, brought into the FAQ.

    ---
    title: "No llegan mis correos"       required
    slug: no-llegan-mis-correos          else the file's name
    category: correo                     required; made where it is missing
    tags: [correo, spam]
    summary: Qué revisar primero.        cut at a word where it is too long
    lang: es                             es (default) or en
    updated: 2026-03-01                  ISO date or moment; else the present one
    ---
    Text in Markdown …

Other fields are passed over. A file that cannot be taken costs only itself. What is stored as
the file has it is left alone, so the same folder may be imported again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from core.clock import LIMA
from core.text import plain_text
from core.wording import clean_line, clean_text
from kb import actions, policy, queries
from kb.models import Article

#: Articles stored in one transaction.
BATCH = 100
#: A longer file holds no article; it is not even read.
MAX_FILE = 2 * 1024 * 1024
MAX_FRONT_MATTER = 20_000
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Progress = Callable[[int, int], None]


class Refused(Exception):
    """A file that cannot be taken: the line (from 1) and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Source:
    """An article as its file has it, checked and cleaned. `category` is a slug."""

    slug: str
    slug_line: int
    category: str
    title: str
    summary: str
    tags: tuple[str, ...]
    lang: str
    updated_at: datetime | None
    body: str

    def is_stored_as(self, article: Article) -> bool:
        """Whether storing it would change nothing."""
        return (
            article.title == self.title
            and article.summary == self.summary
            and tuple(article.tags) == self.tags
            and article.category.slug == self.category
            and article.body == self.body
            and self.updated_at in (None, article.updated_at)
        )


@dataclass
class Report:
    """What an import did. `refused` holds (file, line, reason)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[Path, int, str]] = field(default_factory=list)


def import_folder(folder: Path, *, now: datetime, progress: Progress) -> Report:
    """Import every *.md under `folder`. `progress` is told (files done, files in all)."""
    files = sorted(path for path in folder.rglob("*.md") if path.is_file())
    report = Report()
    seen: dict[str, Path] = {}
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        sources = [pair for path in batch if (pair := _take(path, seen, report))]
        _store(sources, report, now)
        progress(start + len(batch), len(files))
    return report


def read_file(path: Path) -> Source:
    """The article in a file. Raises Refused."""
    lines = _text_of(path).split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        raise Refused(1, "front matter between two lines --- is missing")
    head = _FrontMatter("\n".join(lines[1:end]))
    body = clean_text("\n".join(lines[end + 1 :])).strip("\n")
    if not body.strip():
        raise Refused(end + 1, "the text is empty")
    if len(body) > policy.MAX_BODY:
        raise Refused(end + 2, f"the text is longer than {policy.MAX_BODY} characters")
    slug = head.line("slug") or path.stem
    if not policy.is_slug(slug):
        raise Refused(head.at("slug"), f"slug is not lower-case words with hyphens: {slug[:80]!r}")
    return Source(
        slug=slug,
        slug_line=head.at("slug"),
        category=head.category(),
        title=head.title(),
        summary=shortened(head.line("summary"), policy.MAX_SUMMARY),
        tags=head.tags(),
        lang=head.lang(),
        updated_at=head.moment("updated"),
        body=body,
    )


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` characters, cut after a word."""
    if len(text) <= length:
        return text
    cut = text[: length - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


class _FrontMatter:
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
        self._nodes = {key.value: value for key, value in node.value if _is_scalar(key)}

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
            return (moment if moment.tzinfo else moment.replace(tzinfo=LIMA)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            reason = f"{name} is no date like 2026-03-01: {text[:40]!r}"
            raise Refused(self.at(name), reason) from error


def _is_scalar(node: object) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _text_of(path: Path) -> str:
    try:
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


def _take(path: Path, seen: dict[str, Path], report: Report) -> tuple[Path, Source] | None:
    try:
        source = read_file(path)
        if source.slug in seen:
            reason = f"slug {source.slug} is also in {seen[source.slug]}"
            raise Refused(source.slug_line, reason)
    except Refused as error:
        report.refused.append((path, error.line, error.reason))
        return None
    seen[source.slug] = path
    return path, source


def _store(sources: Sequence[tuple[Path, Source]], report: Report, now: datetime) -> None:
    stored = queries.stored_articles([source.slug for _, source in sources])
    wanted: list[tuple[Source, str]] = []
    for path, source in sources:
        before = stored.get(source.slug)
        try:
            if before is not None and before.lang != source.lang:
                raise Refused(source.slug_line, f"slug belongs to an article in {before.lang}")
            if before is not None and source.is_stored_as(before):
                report.unchanged += 1
                continue
            wanted.append((source, _plain(source.body)))
        except Refused as error:
            report.refused.append((path, error.line, error.reason))
            continue
        report.new += before is None
        report.changed += before is not None
    if wanted:
        _write(wanted, now)


def _plain(body: str) -> str:
    try:
        return plain_text(body)
    except (ValueError, RecursionError) as error:
        raise Refused(1, "the text is too complex") from error


def _write(wanted: Sequence[tuple[Source, str]], now: datetime) -> None:
    category_ids = {category.slug: category.id for category in queries.categories()}
    for slug in sorted({source.category for source, _ in wanted} - category_ids.keys()):
        name = policy.name_from(slug)
        category_ids[slug] = actions.put_category(
            actor=None, slug=slug, name=name, description="", now=now
        )
    articles = [
        actions.ImportedArticle(
            text=actions.ArticleText(
                title=source.title,
                slug=source.slug,
                category_id=category_ids[source.category],
                summary=source.summary,
                tags=source.tags,
                lang=source.lang,
                body=source.body,
            ),
            plain=plain,
            updated_at=source.updated_at,
        )
        for source, plain in wanted
    ]
    actions.import_articles(articles=articles, now=now)
