"""The words of a mail's HTML, with what it quotes behind «>». Pure; nothing here raises.

Nothing of the markup survives: what comes out is plain text that the page escapes like any
other (V36). What is not shown in a mail program is not read either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from tickets.inbound.html_tokens import tokens

#: Stands alone on a line where a program says that all below is the mail being answered.
CUT_HERE = "\ue000"
LONGEST_HTML = 400_000
_DEEPEST = 40
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_SILENT = frozenset(
    "head script style title template svg math object iframe noscript select textarea xml".split()  # noqa: SIM905
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_APART = frozenset("h1 h2 h3 h4 h5 h6 ol p pre table ul".split())  # noqa: SIM905
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
#: Elements in which Outlook, Yahoo, Zimbra, Proton and others put the mail being answered.
_QUOTE_IDS = re.compile(
    r"divrplyfwdmsg|appendonsend|olk_src_body_section|isforwardcontent|zwchr"
    r"|mail-editor-reference-message-container|ms-outlook-mobile-reference-message",
    re.I,
)
_QUOTE_CLASSES = re.compile(
    r"\b(?:yahoo_quoted|yqt\d+|protonmail_quote|zmail_extra|tutanota_quote"
    r"|ms-outlook-mobile-reference-message)\b",
    re.I,
)


class _Reader:
    """Collects lines; `stack` holds (tag, whether what is in it is not shown, quotes)."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.stack: list[tuple[str, bool, int]] = []
        self.open: Counter[str] = Counter()
        self.blank = True
        self.link: tuple[str, int] = ("", 0)

    @property
    def silent(self) -> bool:
        return bool(self.stack) and self.stack[-1][1]

    @property
    def quotes(self) -> int:
        return self.stack[-1][2] if self.stack else 0

    def begin(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "br":
            self.end_line(keep_blank=True)
            return
        if tag in _BLOCKS:
            self.end_line()
            if tag in _APART and "mso" not in said.get("class", "").lower():
                self.space()
        if self._begins_history(said) and not self.silent:
            self.end_line()
            self.lines.append(CUT_HERE)
        if tag in _VOID:
            return
        silent = self.silent or tag in _SILENT or _is_hidden(said)
        quotes = min(self.quotes + (tag == "blockquote"), _DEEPEST)
        self.stack.append((tag, silent, quotes))
        self.open[tag] += 1
        if tag == "li" and not silent:
            self.line.append("- ")
        if tag == "a" and not silent:
            self.link = (said.get("href", "").strip(), len(self.line))

    def _begins_history(self, said: Mapping[str, str]) -> bool:
        if _QUOTE_IDS.search(said.get("id", "")) or said.get("data-marker") == "__QUOTED_TEXT__":
            return True
        return bool(_QUOTE_CLASSES.search(said.get("class", "")))

    def end(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.line.append(" ")
        if not self.open[tag]:
            return
        if tag == "a" and not self.silent:
            self._end_link()
        if tag in _BLOCKS:
            self.end_line()
        while self.stack:
            name, _silent, _quotes = self.stack.pop()
            self.open[name] -= 1
            if name == tag:
                break
        if tag in _APART and tag != "p":
            self.space()

    def _end_link(self) -> None:
        target, since = self.link
        words = "".join(self.line[since:]).strip()
        if words and target.lower().startswith(("http://", "https://")) and len(target) <= 300:
            bare = target.split("://", 1)[1].strip("/").lower()
            if bare not in words.lower() and "://" not in words:
                self.line.append(f" ({target})")
        self.link = ("", 0)

    def say(self, data: str) -> None:
        if self.silent:
            return
        if self.open["pre"]:
            first, *rest = data.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for line in rest:
                self.end_line(keep_blank=True)
                self.line.append(line)
            return
        self.line.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def end_line(self, *, keep_blank: bool = False) -> None:
        text = "".join(self.line)
        # Outlook writes an empty line as a paragraph with such a space.
        keep_blank = keep_blank or "\xa0" in text
        text = text.rstrip() if self.open["pre"] else re.sub(" {2,}", " ", text).strip()
        self.line = []
        self.link = (self.link[0], 0)
        if text:
            self.lines.append("> " * self.quotes + text)
            self.blank = False
        elif keep_blank:
            self.lines.append(">" * min(self.quotes, 1))

    def space(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(">" * min(self.quotes, 1))


def _is_hidden(said: Mapping[str, str]) -> bool:
    return "hidden" in said or bool(_HIDDEN.search(said.get("style", "")))


def words_of_html(html: str) -> str:
    """The lines of a page as they are read."""
    reader = _Reader()
    for token in tokens(html[:LONGEST_HTML].replace(CUT_HERE, "")):
        if token.kind == "text":
            reader.say(token.text)
        elif token.kind == "start":
            reader.begin(token.text, token.attributes)
        else:
            reader.end(token.text)
    reader.end_line()
    lines = (line.replace("\xa0", " ").rstrip() for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
