"""The list of quotes, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_sell
from core import clock
from core.ratelimit import limiter
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from quotes.lifecycle import State
from quotes.money import Currency, plain_amount
from quotes.pricing import queries
from quotes.pricing.models import QuoteVersion
from quotes.words import state_label
from tickets.finding.sheet import Cell, csv_lines, moment_cell

blueprint = Blueprint("pricing", __name__, url_prefix="/ventas/cotizaciones")
PAGE_SIZE = 30
EXPORTED_AT_MOST = 5_000


def today() -> date:
    """The day in Lima."""
    return clock.in_lima(clock.now()).date()


@blueprint.get("")
@requires(may_sell)
def index() -> str:
    """Quotes, the last changed first."""
    wanted, args = _wanted()
    number = page_number()
    rows, total = queries.quotes(
        wanted, today=today(), offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return render_template(
        "pricing/index.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        args=args,
        sums=queries.sums(wanted, today=today()),
        unanswered=queries.unanswered([row.quote_id for row in rows]),
        to_answer=queries.unanswered_count(wanted),
        states=[state for state in State if state is not State.REPLACED],
        today=today(),
    )


@blueprint.post("/cotizaciones.csv")
@limiter.limit("60/hour")
@requires(may_sell)
def export() -> ResponseReturnValue:
    """The same list as a file that no spreadsheet takes for formulas."""
    wanted, _args = _wanted()
    rows, _total = queries.quotes(wanted, today=today(), offset=0, limit=EXPORTED_AT_MOST)
    name = clock.in_lima(clock.now()).strftime("cotizaciones-%Y-%m-%d-%H%M.csv")
    return Response(
        [line.encode(errors="replace") for line in csv_lines(_header(), _cells(rows))],
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _wanted() -> tuple[queries.Wanted, dict[str, str]]:
    """What the address narrows the list to, and the same to be carried on."""
    state = request.args.get("estado", "")
    currency = request.args.get("moneda", "")
    args = {
        "estado": state if state in set(State) else "",
        "moneda": currency if currency in set(Currency) else "",
        "preguntas": "si" if request.args.get("preguntas") == "si" else "",
        "de": "mias" if request.args.get("de") == "mias" else "",
        "q": clean_line(request.args.get("q", ""), 200),
        "desde": _day(request.args.get("desde", "")),
        "hasta": _day(request.args.get("hasta", "")),
    }
    wanted = queries.Wanted(
        state=args["estado"],
        seller_id=signed_in_actor().person_id if args["de"] else None,
        currency=args["moneda"],
        unanswered=bool(args["preguntas"]),
        words=args["q"],
        since=date.fromisoformat(args["desde"]) if args["desde"] else None,
        until=date.fromisoformat(args["hasta"]) if args["hasta"] else None,
    )
    return wanted, {name: text for name, text in args.items() if text}


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""


def _header() -> list[str]:
    return [
        _("Número"), _("Versión"), _("Estado"), _("Empresa"), _("Contacto"), _("Correo"), _("RUC"),
        _("Moneda"), _("Subtotal"), _("Descuento"), _("IGV"), _("Total"), _("Válida hasta"),
        _("Enviada"), _("Vendedor"),
    ]  # fmt: skip


def _cells(rows: Sequence[QuoteVersion]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.quote.number, row.version, state_label(row.state(today())), row.customer,
            row.contact, row.email, row.ruc, row.currency, plain_amount(row.subtotal),
            plain_amount(row.discount), plain_amount(row.tax), plain_amount(row.total),
            row.valid_until.isoformat(), moment_cell(row.sent_at, clock.LIMA),
            row.quote.seller.name,
        ]  # fmt: skip
