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
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from core.text import plain_text
from core.wording import clean_text
from kb import actions, categories, editor_queries, policy, queries
from kb.addresses.queries import former_shelves
from kb.front_matter import FrontMatter, Refused, text_of
from kb.models import Article

#: Articles stored in one transaction.
BATCH = 100
SUFFIXES = {".md", ".markdown"}

Progress = Callable[[int, int], None]


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

    @property
    def files(self) -> int:
        """How many files were looked at."""
        return self.new + self.changed + self.unchanged + len(self.refused)


def import_folder(folder: Path, *, now: datetime, progress: Progress) -> Report:
    """Import every Markdown file under `folder`. `progress` is told (files done, files in all)."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    files = sorted(path for path in found if not path.is_dir())
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
    lines = text_of(path).split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        raise Refused(1, "front matter between two lines --- is missing")
    head = FrontMatter("\n".join(lines[1:end]))
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
    moved = former_shelves()
    sources = [
        (path, replace(source, category=moved.get(source.category, source.category)))
        for path, source in sources
    ]
    stored = editor_queries.stored_articles([source.slug for _, source in sources])
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
        category_ids[slug] = categories.put_category(
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
