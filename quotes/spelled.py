"""The total in words, as Peruvian documents write it: «SON: … Y 50/100 SOLES». Pure."""

from __future__ import annotations

from quotes.money import Currency

_NAMES = {Currency.PEN: "SOLES", Currency.USD: "DÓLARES AMERICANOS"}
_SMALL_WORDS = (
    "CERO UNO DOS TRES CUATRO CINCO SEIS SIETE OCHO NUEVE DIEZ ONCE DOCE TRECE CATORCE QUINCE"
    " DIECISÉIS DIECISIETE DIECIOCHO DIECINUEVE VEINTE VEINTIUNO VEINTIDÓS VEINTITRÉS"
    " VEINTICUATRO VEINTICINCO VEINTISÉIS VEINTISIETE VEINTIOCHO VEINTINUEVE"
)
_TENS = ("TREINTA", "CUARENTA", "CINCUENTA", "SESENTA", "SETENTA", "OCHENTA", "NOVENTA")
_HUNDRED_WORDS = (
    "CIENTO DOSCIENTOS TRESCIENTOS CUATROCIENTOS QUINIENTOS SEISCIENTOS SETECIENTOS"
    " OCHOCIENTOS NOVECIENTOS"
)
_SMALL, _HUNDREDS = _SMALL_WORDS.split(), _HUNDRED_WORDS.split()
MILLION = 1_000_000
#: Numbers below a Spanish «billón».
LIMIT = MILLION * MILLION


def amount_in_words(cents: int, currency: str) -> str:
    """«SON: MIL DOSCIENTOS TREINTA Y CUATRO Y 50/100 SOLES», as receipts write it.

    Raises ValueError for what is negative or a billón and more.
    """
    whole, rest = divmod(cents, 100)
    name = _NAMES[Currency(currency)]
    return f"SON: {number_in_words(whole)} Y {rest:02d}/100 {name}"


def number_in_words(number: int) -> str:
    """A whole number in Spanish capitals. Raises ValueError outside 0 … LIMIT − 1."""
    if not 0 <= number < LIMIT:
        raise ValueError(number)
    millions, rest = divmod(number, MILLION)
    words = []
    if millions:
        words.append("UN MILLÓN" if millions == 1 else f"{_short(_thousands(millions))} MILLONES")
    if rest or not millions:
        words.append(_thousands(rest))
    return " ".join(words)


def _thousands(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("MIL" if thousands == 1 else f"{_short(_hundreds(thousands))} MIL")
    if rest or not thousands:
        words.append(_hundreds(rest))
    return " ".join(words)


def _hundreds(number: int) -> str:
    if number == 100:
        return "CIEN"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest or not hundreds:
        words.append(_tens(rest))
    return " ".join(words)


def _tens(number: int) -> str:
    if number < 30:
        return _SMALL[number]
    ten, one = divmod(number, 10)
    return _TENS[ten - 3] + (f" Y {_SMALL[one]}" if one else "")


def _short(words: str) -> str:
    """«UNO» before MIL and MILLONES: «VEINTIÚN MIL», «TREINTA Y UN MILLONES»."""
    if words.endswith("VEINTIUNO"):
        return words.removesuffix("VEINTIUNO") + "VEINTIÚN"
    return words.removesuffix("O") if words.endswith("UNO") else words
