"""What reads like the promise of a time (R4), and what reads like one and is none, and why."""

from __future__ import annotations

import re

_UNIT = r"(segundos?|minutos?|min|horas?|h|hrs?|d[ií]as?|semanas?|mes(es)?)"
_SOME = r"(\d+|un[oa]?s?|dos|tres|cuatro|cinco|seis|ocho|diez|poc[oa]s|media|breves|algun[oa]s)"
_UNIT_EN = r"(seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)"
_SOME_EN = r"(\d+|an?|one|two|three|four|five|six|eight|ten|a few|a couple of|several|half an)"
_PATTERNS = (
    # Words that are the thing itself.
    r"\b(ETAs?|SLA|ANS)\b",
    r"\b(plazo|demora|deadline|turnaround)s?\b|\bfecha l[ií]mite\b",
    r"\btiempos? (m[aá]xim|m[ií]nim|promedio|medio|estimad|aproximad|previst)",
    r"\btiempos? de (respuesta|resoluci[oó]n|atenci[oó]n|espera|soluci[oó]n)",
    r"\b(estimated|expected|average|maximum) (wait|time|delay|resolution)",
    r"\b(response|resolution|waiting|wait|due) (time|date)s?\b",
    # Soon, in any of its words.
    r"\bpront(o|amente|itud)\b|\bbrevedad\b|\ben breve\b|\bhoy mismo\b",
    r"\blo (antes posible|m[aá]s (pronto|r[aá]pido))\b|\bcuanto antes\b",
    r"\ben ?seguida\b|\bde inmediato\b|\binmediatamente\b",
    r"\bal instante\b|\ben (unos )?instantes\b|\ben un momento\b",
    r"\b(soon|shortly|promptly|asap|immediately|instantly|momentarily)\b",
    r"\bright away\b|\bat once\b|\bas quick(ly)? as possible\b",
    r"\bin (a|no) (moment|time)\b|\bin minutes\b",
    # In so much time.
    rf"\b(en|dentro de|antes de|en menos de|en no m[aá]s de|m[aá]ximo|a las) {_SOME} {_UNIT}\b",
    rf"\b{_SOME} (horas?|d[ií]as?) h[aá]biles\b",
    r"\btarda(r[aá]|remos|mos|n|r[aá]n)? (unos?|unas?|\d|poco)",
    rf"\b(within|in|under|in (under|less than)|at most) {_SOME_EN} {_UNIT_EN}\b",
    rf"\b(takes?|need) ((about|around|up to|only|just) )?{_SOME_EN} {_UNIT_EN}\b",
    r"\bbusiness (day|hour)s?\b",
    # By then.
    r"\bby (tomorrow|tonight|today|noon|monday|the end of)\b",
    r"\b(hoy|ma[nñ]ana|esta (tarde|noche|semana)) (queda|estar[aá]|lo |le |se )",
    r"\b(ma[nñ]ana|hoy) (a primera hora|sin falta|temprano)\b",
    r"\bl[aeo]s? (respond|contesta|llama|resolve)(emos|remos|mos|eremos) (antes|dentro|hoy|ma[nñ])",
)
PROMISES = re.compile("|".join(_PATTERNS), re.IGNORECASE)
#: Sentences, or parts of them, that are no promise, each with its reason. One that no text holds
#: any more fails the test: the list stays as short as it can be.
NO_PROMISE = {
    "admitimos en una hora": "how long the window of a limit is",
    "admitimos en un día": "how long the window of a limit is",
    "accept in one hour": "the same in English",
    "accept in one day": "the same in English",
    "Vuelva a intentarlo en unos instantes": "when the reader may try again",
    "Try again in a moment": "the same in English",
    "sesiones terminan al instante": "the site does it with the press of the button",
    "sessions end at once": "the same in English",
    "can hold at once": "how many at the same moment",
    "puede enviar tickets enseguida": "what the reader may do without waiting for us",
    "No es un plazo de atención": "the conditions say that there is none",
    "demora a todos": "what asking twice does to the others",
}


def promises_in(text: str) -> list[str]:
    """The lines of a text that promise a time, but for what the list allows."""
    return [line.strip() for line in text.splitlines() if PROMISES.search(without_allowed(line))]


def without_allowed(text: str) -> str:
    """The text without the phrases that the list allows."""
    for phrase in NO_PROMISE:
        text = text.replace(phrase, "…")
    return text
