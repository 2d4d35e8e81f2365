"""Why an amount was refused, in words with an example."""

from __future__ import annotations

from flask_babel import gettext as _

from quotes.money import MAX_PRICE, MoneyRefused, plain_amount
from quotes.policy import MAX_LINES, MAX_QUANTITY, MAX_TOTAL


def money_refusal(refused: MoneyRefused) -> str:
    """What is wrong with a typed price."""
    if refused.code == "too_much":
        return str(_("Escriba un precio de hasta %(most)s.", most=plain_amount(MAX_PRICE)))
    return str(_("Escriba el precio con punto decimal. Por ejemplo: 1,234.50."))


def discount_refusal() -> str:
    """What is wrong with a typed discount."""
    return str(
        _(
            "Escriba el descuento como %(percent)s o como 50.00, no mayor que el importe.",
            percent="10%",
        )
    )


def quantity_refusal() -> str:
    """What is wrong with a typed quantity."""
    return str(_("Escriba un número entero de 1 a %(most)s.", most=MAX_QUANTITY))


def whole_refusal(code: str) -> str:
    """What is wrong with the quote as a whole."""
    return {
        "lines": str(_("Ponga entre 1 y %(most)s líneas.", most=MAX_LINES)),
        "total": str(_("El total no puede pasar de %(most)s.", most=plain_amount(MAX_TOTAL))),
    }.get(code, discount_refusal())
