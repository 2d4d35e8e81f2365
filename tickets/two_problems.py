"""Whether a text holds two separate problems (R6), and where the second begins: pure.

A nudge on a single problem annoys, so precision comes first. A text is divided only where its
writer set something apart, and where what follows is about another matter:

1. A list of two or three lines, each of which tells or asks something of a family of its own.
   Lists of steps and logs are none: their lines tell what somebody did.
2. A sentence that begins with «otro problema», «otra consulta», «aprovecho» …, and names a
   family that was not named before.
3. A sentence that begins with «por otro lado», «aparte» …, or with the weaker «además»,
   «también» …, when one side tells a problem, the other asks for something new, and no family is
   in both. Two complaints joined so are usually one outage seen from two sides.
4. The same, or «… y además …» within a sentence, whatever both sides tell, when the subject
   itself says that there are two problems.
5. Two paragraphs, by the rule of 3, when their families have nothing to do with each other.

A family is the words of one matter: mail, pages, databases, names, certificates, bills …
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.matters import FAMILIES, NEAR, pattern

#: Longer texts are logs; only their beginning is looked at.
READ_CHARS = 6000
SUBJECT_CHARS = 90
LEAST_WORDS = 4


@dataclass(frozen=True)
class Part:
    """One problem: a line for its subject, and its text."""

    subject: str
    text: str


@dataclass(frozen=True)
class Division:
    """A text as two problems."""

    first: Part
    second: Part


_PROBLEM = pattern(
    "no (?:me |nos |se |les? )?(?:carga|abr|lleg|pued|podemos|funciona|envi|recib|deja|resuelv|"
    "respond|conecta|entra|encuentro|recuerdo|ejecut|muestra|sincroniz|"
    "arranca|gener|permit|acept|imprim)|errors?\\b|falla|fallo\\b|problema con|pendiente|"
    "a spam\\b|se desconecta|timeout|rechaza|rebota|caid[oa]|cayo\\b|lent[oa]\\b|vencio|vencid|"
    "bloquead|suspendid|en blanco|pantalla blanca|llen[oa]\\b|al \\d+ ?%|caen en|"
    "muestra advertencia|sale como|tiempo de espera|denegad|equivocad|refused|denied|"
    "\\w* (?:is|are) (?:down|slow|refused)|shows? an? \\w* ?error|cannot|can'?t\\b|does ?n.t|"
    "did not|failed|wrong|not (?:working|arriving)"
)
_ASKS = pattern(
    "necesit[oa]|quier[oe]|queremos|quisiera|solicit[oa]|por favor|pued(?:en|an)\\b|podrian|"
    "agradecer|me gustaria|aprovecho|como (?:activo|configuro|renuevo|hago)|cuanto|se puede|"
    "consultar|queria|saber\\b|please|we need|i need|need (?:a|the|to)\\b|could you|"
    "how (?:do|can|much)|crear\\b|pedido"
)
#: Something new, which no outage explains; «revisen» and «ayuden» are about the problem itself.
_NEW = pattern(
    "crear|cree\\b|instal|renov|registr[ae]r|emit|cotiz|aument|cambi|agreg|configur|dar de baja|"
    "transfer|abr(?:ir|an)\\b|contrat|redirig|import|new mailbox|create|install|renew|re-?sent|"
    "invoice|factura"
)
_APART = re.compile(
    r"^(?:(?:y|pero|ademas|tambien|tengo|tenemos|hay|una?|el|i|we|also|have|,)\s*)*"
    r"(?:otro (?:problema|tema|pedido|asunto|inconveniente|punto|requerimiento)"
    r"|otra (?:consulta|pregunta|cosa|solicitud|duda)(?! que)"
    r"|segund[oa] (?:problema|consulta|tema|pedido|pregunta|cosa)|(?:una )?consulta adicional"
    r"|(?:tema|cosa|consulta|pregunta) mas\b"
    r"|cambiando de tema|aprovecho|de paso\b"
    r"|another (?:question|issue|problem|thing|request)|on (?:another|a different) note|separately"
    r"|second (?:problem|issue|question))\b"
    r"|^(?:y )?tambien (?:tengo|tenemos|hay) una? (?:consulta|duda|pregunta|pedido|problema)\b"
)
_ASIDE = re.compile(
    r"^(?:y |pero )?(?:por otro lado|de otro lado|por otra parte|aparte(?: de (?:eso|esto|ello))?|"
    r"adicionalmente|asimismo|asi mismo|ademas(?: de (?:eso|esto|ello))?|tambien|also|additionally|"
    r"besides|in addition)\b"
)
_COMPLAINTS_MAY = re.compile(r"^(?:y |pero )?(?:por otr|de otr|aparte|adicional|asi)")
_ANNOUNCED = pattern(
    "(?:dos|varios|varias|2|two|several) (?:problemas|consultas|temas|cosas|pedidos|asuntos|"
    "solicitudes|problems|issues|questions|things|requests)"
)
#: A subject that says it of the whole ticket: «Dos problemas: correo y web».
_SUBJECT_SAYS_TWO = pattern(
    "(?:dos|2|two) (?:problemas|consultas|temas|pedidos|asuntos|cosas|problems|issues|questions)\\b"
    "(?! (?:sql|mysql|lent|por segundo|per second|dns))"
)
_AND_ALSO = re.compile(r"\b(?:y|and) (?=(?:ademas|tambien|por otro lado|also)\b)")
_SECOND = re.compile(r"^(?:la segunda|el segundo|lo segundo|the second)\b")
_ITEM = re.compile(
    r"^[ \t]*(?:(?:problema|consulta|pedido|tema|problem|issue|question)\s*\d\s*[:.)-]+"
    r"|(?:primero|segundo|first|second)\s*:|\d\s*[).:-]+|[a-d]\)|[-*•–])\s+(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_STEPS = pattern(
    "pasos|probe\\b|probado|probamos|intent|hice\\b|hicimos|lo que hi|segui\\b|log\\b|"
    "registro dice|tracert|tried|steps|estas cuentas"
)
_DONE = re.compile(
    r"^(?:ya |i |we )?(?:\w+(?:é|í|amos|imos)|(?:reinici|limpi|desactiv|revis|cambi|prob|borr)e|"
    r"pongo|entro|abro|restarted|reset|opened|checked|cleared|tried)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_LEADS = re.compile(
    r"^(?:(?:y|además|ademas|también|tambien|por otro lado|por otra parte|"
    r"aparte(?: de (?:eso|esto))?|"
    r"adicionalmente|asimismo|otro (?:problema|tema|pedido)(?: es que)?|"
    r"otra (?:consulta|pregunta|cosa)(?: aparte)?|una consulta adicional|cambiando de tema|de paso|"
    r"un segundo problema|la segunda|also|on another note|separately|"
    r"another (?:question|issue|problem))\b[\s,:]*)+",
    re.IGNORECASE,
)


def _fold(text: str) -> str:
    """Lower case without accents, of the same length."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or char for char in text)


def _families(folded: str) -> frozenset[str]:
    return frozenset(name for name, words in FAMILIES.items() if words.search(folded))


def divide(subject: str, description: str) -> Division | None:
    """The two problems that a text holds; None where it seems to hold one."""
    text = _with_items_on_lines(unicodedata.normalize("NFC", description)[:READ_CHARS])
    folded = _fold(text)
    at = _second_item(subject, text, folded)
    at = _second_sentence(folded) if at is None else at
    at = _second_paragraph(folded) if at is None else at
    if at is None and _SUBJECT_SAYS_TWO.search(_fold(subject)):
        at = _second_as_announced(text, folded)
    if at is None:
        return None
    first, second = text[:at], text[at:] + description[READ_CHARS:]
    return Division(
        Part(_subject_of_first(subject, first, second), _tidy(first)),
        Part(_subject_from(second), _tidy(second)),
    )


def _with_items_on_lines(text: str) -> str:
    """«… 1) … 2) …» within a line becomes a list."""
    if re.search(r"(?<!\d)1\) ", text) and re.search(r"\S[ \t]+2\) ", text):
        return re.sub(r"(?<=\S)[ \t]+(?=[1-3]\) )", "\n", text)
    return text


def _second_item(subject: str, text: str, folded: str) -> int | None:
    items = list(_ITEM.finditer(text))
    if not 2 <= len(items) <= 3:
        return None
    intro = folded[: items[0].start()]
    ends = [item.start() for item in items[1:]] + [len(folded)]
    spans = [slice(item.end(), end) for item, end in zip(items, ends, strict=True)]
    told = [folded[span].strip() for span in spans]
    if _STEPS.search(intro) or any(_DONE.match(text[span].strip()) for span in spans):
        return None
    first, second = _families(told[0]), _families(told[1])
    apart = bool(first) and bool(second) and not first & second
    announced = bool(_ANNOUNCED.search(_fold(subject) + " . " + intro))
    # Lines under «tengo dos pedidos» need not say again that they ask for something.
    plain = all(map(_says, told)) or (announced and apart)
    return items[1].start() if plain and (apart or announced) else None


def _says(folded: str) -> bool:
    words = len(folded.split()) >= LEAST_WORDS
    return words and bool(_PROBLEM.search(folded) or _ASKS.search(folded) or "?" in folded)


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _ENDS.finditer(folded):
        yield start, end.start()
        start = end.end()
    yield start, len(folded)


def _second_sentence(folded: str) -> int | None:
    announced = _ANNOUNCED.search(folded)
    for start, end in _sentences(folded):
        before, sentence = folded[:start], folded[start:end]
        if len(before.split()) < LEAST_WORDS or len(sentence.split()) < LEAST_WORDS:
            continue
        if announced and _SECOND.match(sentence):
            return start
        if _APART.match(sentence) and _is_another_matter(before, folded[start:]):
            return start
        if _ASIDE.match(sentence) and _are_apart(before, sentence):
            return start
    return None


def _second_as_announced(text: str, folded: str) -> int | None:
    """Where «además», «también» … begins what the subject announced."""
    asides = [start for start, end in _sentences(folded) if _ASIDE.match(folded[start:end])]
    joined = [found.start() for found in _AND_ALSO.finditer(folded)]
    for at in sorted({*asides, *joined}):
        end = next(_ENDS.finditer(folded, at), None)
        part = slice(at, end.start() if end else len(folded))
        told = _LEADS.sub("", text[part])
        if _DONE.match(told) or _STEPS.search(folded[part]):
            continue
        if len(folded[:at].split()) >= LEAST_WORDS and _says(folded[:at]) and _says(folded[part]):
            return at
    return None


def _is_another_matter(before: str, after: str) -> bool:
    new = _families(after) - _families(before)
    return bool(new) and bool(_families(before)) and _says(after)


def _are_apart(before: str, after: str) -> bool:
    first, second = _families(before), _families(after)
    if not first or not second or first & second or not (_says(before) and _says(after)):
        return False
    if "bills" in first | second and (_COMPLAINTS_MAY.match(after) or _ASKS.search(after)):
        return True
    troubles = bool(_PROBLEM.search(before)), bool(_PROBLEM.search(after))
    if troubles == (True, False):
        return bool(_ASKS.search(after)) and bool(_NEW.search(after))
    return troubles == (False, True) and bool(_ASKS.search(before)) and bool(_NEW.search(before))


def _second_paragraph(folded: str) -> int | None:
    breaks = list(re.finditer(r"\n[ \t]*\n\s*", folded))
    if len(breaks) != 1:
        return None
    before, after = folded[: breaks[0].start()], folded[breaks[0].end() :]
    near = {name for family in _families(before) for name in NEAR[family].split()}
    if near & _families(after) or not _are_apart(before, after):
        return None
    return breaks[0].end()


def _tidy(part: str) -> str:
    return _ITEM.sub("", part.strip(), count=1) if _ITEM.match(part.strip()) else part.strip()


def _subject_of_first(subject: str, first: str, second: str) -> str:
    """The typed subject, unless it speaks of the second problem or of both."""
    named, others = _families(_fold(subject)), _families(_fold(second)) - _families(_fold(first))
    if _ANNOUNCED.search(_fold(subject)) or named & others or len(subject.split()) < 2:
        return _subject_from(first)
    return subject


def _subject_from(part: str) -> str:
    lines = _ITEM.sub("\n", part) if _ITEM.search(part) else part
    sentences = [one.strip() for one in _ENDS.split(lines)]
    wordy = [one for one in sentences if len(one.split()) >= LEAST_WORDS or len(sentences) == 1]
    plain = [one for one in wordy if not _ANNOUNCED.search(_fold(one))] or wordy or sentences
    line = _LEADS.sub("", plain[0]).strip(" .,:;-") or plain[0]
    if len(line) > SUBJECT_CHARS:
        line = line[:SUBJECT_CHARS].rsplit(" ", 1)[0].rstrip(" .,:;-") + "…"
    return line[:1].upper() + line[1:]
