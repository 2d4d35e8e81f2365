"""How mail programs announce the mail being answered, and what they write under a reply. Pure."""

from __future__ import annotations

import re

from tickets.inbound.html_text import CUT_HERE

#: Written by our own mails above everything else: what is above it in an answer is the answer.
#: In the language of the mail; an answer is looked at for both.
MARKERS = {
    "es": "Escriba su respuesta por encima de esta línea",
    "en": "Write your reply above this line",
}
MARKER = re.compile(
    r"(?:escriba\s+su\s+respuesta\s+por\s+encima\s+de\s+esta\s+l[íi]nea"
    r"|write\s+your\s+reply\s+above\s+this\s+line)",
    re.IGNORECASE,
)

_DAY = (
    r"(?:\d{1,4}[-./ ]\d{1,2}[-./ ]\d{2,4}|\d{1,2}\s+(?:de\s+)?[a-záéíóú]{3,12}\.?"
    r"|[a-z]{3,9}\.?\s+\d{1,2})"
)
_WROTE = r"(?:ha\s+)?escribi(?:ó|o|ste)|wrote|writes|escreveu|a\s+écrit"
#: Looked for first: most lines have none of these words.
WROTE = re.compile(rf"{_WROTE}|>:$", re.IGNORECASE)
#: An attribution begins so …
ATTRIBUTION_BEGINS = re.compile(
    r"(?:El|On|Em|Le)\s.{0,40}?\d|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[,\s]|.{1,80}<[^<>\s]+@[^<>\s]+>",
    re.IGNORECASE,
)
#: … and, with its lines joined, is this whole.
ATTRIBUTION = re.compile(
    rf"(?:El|On|Em|Le)\s(?=.{{0,80}}?{_DAY}).{{5,380}}?(?:{_WROTE})\s*:?"
    rf"|.{{1,120}}?<[^<>\s]+@[^<>\s]+>\)?[\s,]*(?:{_WROTE})(?:\s.{{0,120}})?:"
    rf"|\d{{4}}-\d\d-\d\d\s\d\d?:\d\d\s.{{1,200}}<[^<>\s]+@[^<>\s]+>:"
    rf"|.{{1,120}}?\s(?:{_WROTE})\s+(?:el|on)\s(?=.{{0,60}}?{_DAY}).{{5,120}}:",
    re.IGNORECASE,
)
#: Said of a moment or a person: enough to believe an attribution without a quote under it.
TELLING = re.compile(r"@|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b")
#: `-----Mensaje original-----` and its like; a forwarded mail is none: it was sent on purpose.
ORIGINAL = re.compile(
    r"[-_=*\s]{2,}\s*(?:mensaje\s+original|original\s+message|mensaje\s+citado|quoted\s+message"
    r"|respuesta\s+original|original\s+appointment|cita\s+original)\s*[-_=*\s]{2,}",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"[-_=*\s]*(?:(?:begin\s+)?forwarded\s+message|mensaje\s+reenviado"
    r"|(?:inicio\s+del\s+)?mensaje\s+reenviado|comienzo\s+del\s+mensaje\s+reenviado)\s*:?[-_=*\s]*",
    re.IGNORECASE,
)
FROM_LINE = re.compile(r"\*?(?:De|From|Desde)\s*:\*?\s*\S", re.IGNORECASE)
HEADER_LINE = re.compile(
    r"\*?(?:Enviado(?:\s+el)?|Enviada(?:\s+el)?|Sent|Fecha|Date|Para|To|CC|Cc|Asunto|Subject"
    r"|Responder\s+a|Reply-To)\s*:",
    re.IGNORECASE,
)
RULE = re.compile(r"\s*[_\-=]{10,}\s*")
#: The line that begins a signature; programs drop its last space.
SIGNATURE = re.compile(r"--\s?|—\s?|__\s?")
LONGEST_SIGNATURE = 20
_DEVICE = r"(?:mi|my)\s+[^\n.,;:!?]{2,40}"
_SENT_WITH = (
    rf"enviado\s+desde\s+(?:{_DEVICE}|(?:el\s+)?(?:correo|outlook|yahoo|mail|gmail|proton|"
    r"thunderbird|spark|samsung|aol|zimbra|una?\s+(?:dispositivo|tel[ée]fono|m[óo]vil))[^\n]{0,60})"
    rf"|sent\s+(?:from|via|with)\s+(?:{_DEVICE}|(?:mail|outlook|yahoo|gmail|proton|thunderbird|"
    r"spark|samsung|aol|zimbra|a\s+mobile|the\s+)[^\n]{0,60})"
    r"|(?:obtener|obtenga|descargar|get)\s+outlook\s+(?:para|for)\s+[^\n]{2,100}"
    r"|enviado\s+con\s+[^\n]{2,60}"
)
#: A line that a program writes under what a person wrote, alone on its line.
PROGRAMS_LINE = re.compile(rf"[-*_<\s]*(?:{_SENT_WITH})(?:\s*<[^<>\s]*>)?[\s.*_>]*", re.IGNORECASE)


def is_history_mark(line: str) -> bool:
    """Whether everything from this line on is the mail being answered."""
    return line == CUT_HERE or (len(line) < 100 and ORIGINAL.fullmatch(line.strip()) is not None)
