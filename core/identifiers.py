"""Numbers and addresses that identify people and companies: RUC, telephone, mail.

Each function returns one normal form or raises `IdentifierRefused`; nothing is looked up
anywhere. Input is cut by length first, so that no text makes them slow (I6, B04).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

MAX_EMAIL = 254
_MAX_TYPED = 80

#: A local number of Lima has seven digits, which no other place's have; its area code is 1.
_PERU, _LOCAL, _LIMA = 51, 7, 10_000_000

Kind = Literal["fixed", "mobile", "fixed_or_mobile", "voip"]

_RUC_TYPES = ("10", "15", "16", "17", "20")
_RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Whoever is called back must not make the caller pay (R5 of the security cases): premium,
# shared cost, toll-free and the like are not here.
_CALLABLE: dict[int, Kind] = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.VOIP: "voip",
}


# «anexo» is how an extension is called in Peru, and short for it; the library knows the word alone.
_ANNEX = re.compile(r"(?<=\d)[\s,;(-]*\b(?:anexo|anex|anx|axo|an)\b[\s.:]*(?=\d)", re.IGNORECASE)


class IdentifierRefused(ValueError):
    """What was typed identifies nothing; `code` says why, words are made where it is shown.

    RUC: `length`, `prefix`, `check_digit`. Telephone: `empty`, `too_long`, `invalid`, `kind`.
    Mail: `empty`, `too_long`, `invalid`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Phone:
    """A number that can be called: `e164` to store and dial, `display` to read.

    `extension` are the digits that reach a person behind it; '' where there are none.
    """

    e164: str
    display: str
    kind: Kind
    extension: str = ""


def valid_ruc(text: str) -> str:
    """The 11 digits of a Peruvian taxpayer number; spaces and hyphens are forgiven.

    The last digit is SUNAT's check digit, modulo 11. Raises `IdentifierRefused`.
    """
    digits = _ascii_digits(text[:_MAX_TYPED]).translate({ord(" "): None, ord("-"): None})
    if len(text) > _MAX_TYPED or len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        raise IdentifierRefused("length")
    if not digits.startswith(_RUC_TYPES):
        raise IdentifierRefused("prefix")
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RUC_WEIGHTS, strict=False))
    if (11 - total % 11) % 10 != int(digits[10]):
        raise IdentifierRefused("check_digit")
    return digits


def normalise_phone(text: str, region: str = "PE") -> Phone:
    """A fixed, mobile or VoIP number; without a country code it belongs to `region`.

    `display` is the national form within `region`, the international one elsewhere. Seven
    digits are a fixed number of Lima, as they are said there. Raises `IdentifierRefused`.
    """
    if len(text) > _MAX_TYPED:
        raise IdentifierRefused("too_long")
    typed = _ascii_digits(text).strip()
    if not typed:
        raise IdentifierRefused("empty")
    try:
        number = phonenumbers.parse(_ANNEX.sub(" ext. ", typed), region)
    except phonenumbers.NumberParseException:
        raise IdentifierRefused("invalid") from None
    extension, number.extension = number.extension or "", None
    local = number.national_number or 0
    if number.country_code == _PERU and len(str(local)) == _LOCAL:
        number.national_number = _LIMA + local
    if not phonenumbers.is_valid_number(number):
        raise IdentifierRefused("invalid")
    kind = _CALLABLE.get(phonenumbers.number_type(number))
    if kind is None:
        raise IdentifierRefused("kind")
    is_near = number.country_code == phonenumbers.country_code_for_region(region)
    form = PhoneNumberFormat.NATIONAL if is_near else PhoneNumberFormat.INTERNATIONAL
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, _as_read(phonenumbers.format_number(number, form)), kind, extension)


def display_phone(number: str) -> str:
    """An E.164 number as people in Peru read it: «(01) 739-0054»."""
    try:
        return normalise_phone(number).display
    except IdentifierRefused:
        return number


def _as_read(display: str) -> str:
    """A fixed number of Lima as it is written in Peru: «(01) 739-0054»."""
    area, bracket, local = display.partition(") ")
    return f"{area}) {local[:3]}-{local[3:]}" if bracket and len(local) == 7 else display


def normalise_email(text: str) -> str:
    """One mail address in the form it is compared and stored in: ASCII, lower case.

    International domains become their `xn--` form; local parts outside ASCII are refused,
    because two that look alike would be two accounts (B06). Reserved `.example` and `.test`
    domains pass, for demonstrations. Raises `IdentifierRefused`.
    """
    address = text[: 2 * MAX_EMAIL].strip(" ")
    if not address:
        raise IdentifierRefused("empty")
    if len(text) > 2 * MAX_EMAIL or len(address) > MAX_EMAIL:
        raise IdentifierRefused("too_long")
    try:
        valid = validate_email(
            address,
            strict=True,
            allow_smtputf8=False,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        raise IdentifierRefused("invalid") from None
    normal = (valid.ascii_email or "").casefold()
    # The library lets a bare `test` pass as a domain in its test environment.
    if "." not in normal.rpartition("@")[2]:
        raise IdentifierRefused("invalid")
    if len(normal) > MAX_EMAIL:
        raise IdentifierRefused("too_long")
    return normal


def _ascii_digits(text: str) -> str:
    """Digits of every script as 0 to 9; the rest untouched."""
    return "".join(
        character if (value := unicodedata.decimal(character, None)) is None else str(value)
        for character in text
    )
