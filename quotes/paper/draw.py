"""Draws the paper of a quote: A4, as many pages as it needs, the same bytes each time."""

from __future__ import annotations

import logging
import unicodedata
from functools import lru_cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from quotes.paper.content import Paper, PaperLine

#: What the fonts are cut down to is nobody's news.
logging.getLogger("fontTools").setLevel(logging.WARNING)
FONTS = Path(__file__).parent / "fonts"
REGULAR = FONTS / "DejaVuSans.ttf"
MARGIN, WIDTH = 15, 180
#: Where the table must end, and the height of a line of it, in millimetres.
BOTTOM, LINE = 278, 4.4
#: number, description, quantity, price, discount, amount
COLUMNS = (9, 77, 15, 28, 23, 28)
HEADS = ("N.º", "Descripción", "Cant.", "P. unitario", "Dscto.", "Importe")
#: Stands for the number of pages until it is known; taken out of every text.
PAGES = "‡‡"
BOX = "□"


def draw(paper: Paper) -> bytes:
    """The PDF."""
    pdf = _Sheet(paper)
    pdf.add_page()
    pdf.front()
    pdf.rows()
    pdf.texts()
    return bytes(pdf.output())


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    probe = FPDF()
    probe.add_font("DejaVu", "", REGULAR)
    font = probe.fonts["dejavu"]
    assert isinstance(font, TTFFont)
    return frozenset(font.cmap)


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it can be drawn: composed, without what cannot be seen, a box for what the
    fonts do not hold."""
    composed = unicodedata.normalize("NFC", text).replace("‡", "+")
    kept = []
    for character in composed:
        if character == "\n" and lines:
            kept.append(character)
        elif character.isspace():
            kept.append("\u00a0" if character == "\u00a0" else " ")
        elif unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Mn"}:
            kept.append(character if ord(character) in _drawable() else BOX)
    return "".join(kept)


class _Sheet(FPDF):
    def __init__(self, paper: Paper) -> None:
        super().__init__(orientation="P", unit="mm", format="A4")
        self.paper = paper
        red, green, blue = (int(paper.accent[n : n + 2], 16) for n in (1, 3, 5))
        self.accent = (red, green, blue)
        self.set_margins(MARGIN, 15, MARGIN)
        self.set_auto_page_break(auto=True, margin=297 - BOTTOM)
        self.alias_nb_pages(PAGES)
        self.add_font("DejaVu", "", REGULAR)
        self.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_creation_date(paper.made_at)
        self.set_title(clean(f"Cotización {paper.number}, versión {paper.version}"))
        self.set_author(clean(paper.company))
        self.set_lang("es-PE")
        self.in_table = False

    def header(self) -> None:
        self.set_fill_color(*self.accent)
        self.rect(0, 0, 210, 4, style="F")
        self.set_y(11)
        if self.page_no() > 1:
            self._pen(8, soft=True)
            paper = self.paper
            name = f"Cotización {paper.number} · versión {paper.version} · {paper.company}"
            self._line(clean(name), 5)
            self.ln(1.5)
            if self.in_table:
                self._heads()

    def footer(self) -> None:
        self.set_y(-13)
        self._pen(7.5, soft=True)
        note = "Precios sin IGV, salvo el total."
        self.cell(WIDTH / 2, 5, note)
        self.cell(WIDTH / 2, 5, f"Página {self.page_no()} de {PAGES}", align="R")

    def front(self) -> None:
        """Who offers, which quote, to whom."""
        top = self.get_y()
        self._mark(MARGIN, top)
        self.set_xy(MARGIN + 15, top)
        self._pen(15, bold=True)
        self.multi_cell(88, 7, clean(self.paper.company), align="L", new_x=XPos.LEFT)
        self._pen(8, soft=True)
        for text in self.paper.issuer:
            self.multi_cell(88, 4, clean(text), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        left_end = self.get_y()
        self._box(top)
        self.set_y(max(left_end, self.get_y()) + 5)
        self._pairs(self.paper.customer, 28, WIDTH)
        self.ln(4)

    def _mark(self, x: float, y: float) -> None:
        self.set_fill_color(*self.accent)
        self.rect(x, y, 12, 12, style="F", round_corners=True, corner_radius=3)
        self.set_draw_color(255, 255, 255)
        self.set_line_width(1.1)
        self.polyline([(x + 3.4, y + 6.2), (x + 5.4, y + 8.2), (x + 8.8, y + 4)])
        self.set_line_width(0.2)

    def _box(self, top: float) -> None:
        x = MARGIN + 112
        self.set_xy(x, top)
        self._pen(9, soft=True)
        status = f" · {self.paper.status}" if self.paper.status else ""
        self.cell(68, 4.5, f"COTIZACIÓN{status}", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.set_text_color(*self.accent)
        self.set_font("DejaVu", "B", 14)
        self.cell(68, 7.5, clean(self.paper.number), new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._pen(8.5)
        self.cell(68, 5, f"Versión {self.paper.version}", new_x=XPos.LEFT, new_y=YPos.NEXT)
        for name, value in self.paper.facts:
            self.set_x(x)
            self._pen(8, soft=True)
            self.cell(24, 4.5, name)
            self._pen(8)
            self.cell(44, 4.5, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _pairs(self, rows: tuple[tuple[str, str], ...], width: float, whole: float) -> None:
        for name, value in rows:
            self.set_x(MARGIN)
            self._pen(8.5, soft=True)
            self.cell(width, 4.8, name)
            self._pen(8.5)
            self.multi_cell(
                whole - width, 4.8, clean(value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
            )

    def rows(self) -> None:
        """The lines; the totals are never alone on a page."""
        self._heads()
        self.in_table = True
        last = len(self.paper.lines)
        for place, line in enumerate(self.paper.lines, start=1):
            needed = self._height(line) + (self._totals_height() if place == last else 0)
            if self.get_y() + needed > BOTTOM:
                self.add_page()
            self._row(place, line)
        self.in_table = False
        self._totals()

    def _heads(self) -> None:
        self.set_fill_color(*self.accent)
        self.set_text_color(255, 255, 255)
        self.set_font("DejaVu", "B", 7.5)
        self.set_x(MARGIN)
        for place, (width, head) in enumerate(zip(COLUMNS, HEADS, strict=True)):
            self.cell(width, 6.5, head, fill=True, align="L" if place < 2 else "R")
        self.ln(7.5)

    def _height(self, line: PaperLine) -> float:
        self._pen(8)
        text = clean(line.description)
        rows = self.multi_cell(COLUMNS[1], LINE, text, align="L", dry_run=True, output="LINES")
        assert isinstance(rows, list)
        return max(1, len(rows)) * LINE + 2.4

    def _row(self, place: int, line: PaperLine) -> None:
        top, height = self.get_y(), self._height(line)
        self.set_x(MARGIN)
        self._pen(8)
        self.cell(COLUMNS[0], LINE, str(place))
        self.multi_cell(COLUMNS[1], LINE, clean(line.description), align="L")
        self.set_xy(MARGIN + COLUMNS[0] + COLUMNS[1], top)
        cells = (line.quantity, line.unit_price, line.discount, line.net)
        for width, text in zip(COLUMNS[2:], cells, strict=True):
            self._pen(8)
            self._figure(width, LINE, text)
        self.set_draw_color(218, 227, 230)
        self.line(MARGIN, top + height - 1.2, MARGIN + WIDTH, top + height - 1.2)
        self.set_xy(MARGIN, top + height)

    def _figure(self, width: float, height: float, text: str) -> None:
        """An amount, smaller where it would run into its neighbour."""
        size = self.font_size_pt
        while self.get_string_width(text) > width - 2 * self.c_margin:
            size -= 0.25
            self.set_font_size(size)
        self.cell(width, height, text, align="R")

    def _totals_height(self) -> float:
        return len(self.paper.totals) * 6 + 20

    def _totals(self) -> None:
        self.ln(1)
        for name, value in self.paper.totals:
            whole = name == "TOTAL"
            self._pen(10 if whole else 8.5, bold=whole)
            self.set_x(MARGIN + 92)
            self.cell(46, 6, name, align="R")
            self._figure(42, 6, value)
            self.ln(6)
        self.ln(2)
        self._pen(8.5, bold=True)
        self.multi_cell(WIDTH, 5, self.paper.words, align="L", new_x=XPos.LMARGIN)

    def texts(self) -> None:
        """Notes, conditions, how to pay."""
        for title, text in self.paper.texts:
            self.ln(4)
            if self.get_y() > BOTTOM - 16:
                self.add_page()
            self._pen(9, bold=True)
            self._line(title, 5.5)
            self._pen(8)
            self.multi_cell(
                WIDTH, 4.4, clean(text, lines=True), align="L",
                new_x=XPos.LMARGIN, new_y=YPos.NEXT,
            )  # fmt: skip

    def _pen(self, size: float, *, bold: bool = False, soft: bool = False) -> None:
        self.set_font("DejaVu", "B" if bold else "", size)
        self.set_text_color(*((81, 100, 109) if soft else (22, 37, 43)))

    def _line(self, text: str, height: float) -> None:
        self.cell(WIDTH, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
