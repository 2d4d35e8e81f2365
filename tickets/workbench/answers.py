"""An answer to one customer as the beginning of an answer for everybody. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

CUSTOMER, COMPANY, MAIL, DOMAIN, IP, NUMBER = (
    "[cliente]",
    "[empresa]",
    "[correo]",
    "[dominio]",
    "[IP]",
    "[número]",
)
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"'«»]{1,100}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}:?[0-9a-fA-F]{0,4}(?![\w:])")
#: Telephones, RUC, DNI, accounts; not ports or the number of an error.
_NUMBER = re.compile(r"(?<![\w.:/-])\+?\(?\d(?:[ ().-]{0,2}\d){6,30}(?![\w])")
_GREETING = re.compile(
    r"(?:hola|buen[oa]s? ?(?:d[ií]as?|tardes?|noches?)?|estimad[oa]s?|hi|hello|dear|good \w+)"
    r"\b[^.!?\n]{0,60}[,.:!]{0,2}",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:saludos|atentamente|cordialmente|un (?:cordial )?saludo|quedamos atentos|gracias"
    r"|(?:best |kind )?regards|thanks)\b[^\n]{0,60}",
    re.IGNORECASE,
)
#: Words of a company's name that say nothing about which one.
_LEGAL = frozenset({"sac", "saa", "eirl", "srl", "sociedad", "empresa", "grupo", "peru", "perú"})


@dataclass(frozen=True)
class Named:
    """Who a ticket is about: what must not stand in an article."""

    people: Collection[str] = ()
    companies: Collection[str] = ()
    domains: Collection[str] = ()


def with_links_from_root(text: str, home: str) -> str:
    """The text with links into the site at `home` as articles have them, without its name."""
    return text.replace(f"]({home}", "](/")


def for_everybody(text: str, named: Named) -> str:
    """The text without greeting and farewell, and with a word in brackets in place of names,
    companies, mail addresses, their domains, IP addresses and long numbers."""
    return anonymous(_without_manners(text), named)


def anonymous(text: str, named: Named) -> str:
    """The text with a word in brackets in place of whatever names the customer."""
    text = _MAIL.sub(MAIL, text)
    for domain in sorted(named.domains, key=len, reverse=True):
        text = _whole(domain, r"(?:[\w-]{1,63}\.){0,4}").sub(DOMAIN, text)
    for name in sorted(named.companies, key=len, reverse=True):
        text = _whole(name).sub(COMPANY, text)
    for name in sorted(named.people, key=len, reverse=True):
        text = _whole(name).sub(CUSTOMER, text)
        for part in name.split():
            # A first name alone, written as a name: «Ana», but not «ana» within a sentence.
            if len(part) > 2 and part[:1].isupper() and part.lower() not in _LEGAL:
                text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", CUSTOMER, text)
    text = re.sub(rf"{re.escape(CUSTOMER)}(?: {re.escape(CUSTOMER)})+", CUSTOMER, text)
    return _NUMBER.sub(NUMBER, _IPV6.sub(IP, _IPV4.sub(IP, text)))


def _whole(name: str, before: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){before}{re.escape(name)}(?![\w-])", re.IGNORECASE)


def _without_manners(text: str) -> str:
    lines = text.strip().split("\n")
    if _GREETING.fullmatch(lines[0].strip()):
        lines = lines[1:]
    for place in range(max(0, len(lines) - 4), len(lines)):
        if _FAREWELL.fullmatch(lines[place].strip()):
            lines = lines[:place]
            break
    kept = "\n".join(lines).strip()
    return kept or text.strip()
