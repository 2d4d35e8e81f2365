"""What stands in a text without being the writer's words: spaces by name, quotations (R4). Pure.

Whatever is replaced keeps its length, so that a place in the text stays the same place.
"""

from __future__ import annotations

import re

#: Read as nothing: a format character, which the reading of a text drops.
_NOTHING = "\u200b"
_SPACE = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#32|#xa0);", re.IGNORECASE)
_QUOTE = re.compile(r"«[^«»\n]{1,400}»|“[^“”\n]{1,400}”|\"[^\"\n]{1,400}\"")
#: How far before a quotation it is looked for who said it.
_REACH = 80
_STOP = re.compile(r"[.!?;…](?=\s)")
#: The customer, or something that shows a message.
_WHO = re.compile(
    r"\b(?:mensajes?|errores|error|avis(?:o|a)|advertencia|pantalla|p[aá]gina|registro|asunto"
    r"|navegador|usted(?:es)?|clientes?|formulario|notificaci[oó]n|ticket|escribi[oó]"
    r"|(?:nos|me) (?:dijo|dice|indic[oó]|pregunt[oó]|cont[oó])"
    r"|messages?|errors?|warning|screen|page|log|subject|browser|you|your|customer|wrote)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:dice|dicen|dec[ií]a|dijo|indica(?:ba)?|indic[oó]|muestra|mostraba|aparece|sale|lee"
    r"|escribi[oó]|escribe|pregunt[oó]|cont[oó]|mencion[oó]|pidi[oó]|señala|pone"
    r"|says?|said|shows?|showed|reads?|wrote|asked|told|mentioned|gives|gave)\b"
    r"|\b(?:mensaje|errore?s?|aviso|advertencia|asunto|message|warning|subject|es|is):\s*$",
    re.IGNORECASE,
)
#: Whoever speaks for the house promises, in quotation marks too.
_HOUSE = re.compile(
    r"\b(?:nuestr\w*|colegas?|t[eé]cnic\w*|equipo|proveedor|supervisor\w*|jef[ea]|compañer\w*"
    r"|[aá]rea|ingenier\w*|yo|digo|decimos|respond\w*|contest\w*|confirm\w*|inform\w*|promet\w*"
    r"|asegur\w*|dijimos|dije|dejo|dejamos|escrib(?:o|imos)|cuento|comunic\w*|our|colleagues?|technicians?|team|engineers?|vendor|supplier|we|i|answer\w*"
    r"|reply|replied|promis\w*)\b",
    re.IGNORECASE,
)


def own_words(line: str) -> str:
    """The line, as long as it was, without what it quotes of the customer or of a message."""
    line = _SPACE.sub(lambda found: " " + _NOTHING * (len(found[0]) - 1), line)
    return _QUOTE.sub(_without, line)


def _without(quote: re.Match[str]) -> str:
    before = quote.string[max(0, quote.start() - _REACH) : quote.start()]
    lead = _STOP.split(before)[-1]
    if not (_WHO.search(lead) and _SAYS.search(lead)) or _HOUSE.search(lead):
        return quote[0]
    return quote[0][0] + _NOTHING * (len(quote[0]) - 2) + quote[0][-1]
