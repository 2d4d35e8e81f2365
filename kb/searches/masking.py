"""What a search box should not keep: who somebody is, and what opens their door. Pure.

Mail addresses, web addresses, domains, IPs, long numbers (telephones, RUC, DNI, cards), keys and
passwords become one word in brackets before anything is stored. Where a number may be a
telephone, it is taken for one: an editor misses little, a customer would miss a lot.
Every pattern is bounded; a text costs no more than its length.
"""

from __future__ import annotations

import re
import unicodedata

MAIL, URL, DOMAIN, IP, NUMBER, KEY = (
    "[correo]",
    "[dirección]",
    "[dominio]",
    "[ip]",
    "[número]",
    "[clave]",
)
MARKS = (MAIL, URL, DOMAIN, IP, NUMBER, KEY)
#: A mark in a text, to be told from words.
MARK = re.compile("|".join(re.escape(mark) for mark in MARKS))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: What ends a file's name, where it could end a domain's.
_FILES = _set("""
    php html htm xhtml shtml js css scss txt log conf cfg ini py exe zip rar gz tgz tar bz2 sql xml
    json jpg jpeg png gif svg ico webp bmp pdf doc docx xls xlsx ppt pptx csv pst ost eml msg msi
    sh bat cmd ps1 yml yaml env md jsp asp aspx cgi dll sys bak tmp old key pem crt cer csr pfx
    htaccess htpasswd mp3 mp4 avi mov iso img deb rpm apk jar war lock so
    """)
#: Endings of domains with more than three letters; shorter ones are all taken for domains.
_ENDINGS = _set("""
    info online store site shop tech cloud host email website space club live news blog agency
    digital group company network academy studio world life today solutions services systems
    center design media global international technology software support business finance legal
    travel tours hotel restaurant health care clinic dental school university education energy
    realty house homes land farm coffee pizza fashion style mobi name jobs aero arpa asia test
    local localdomain internal example localhost
    """)
_NO_DOMAIN = frozenset({"asp.net", "vb.net", "paint.net", "e.g", "i.e", "p.ej"})
#: «office365» behind «contraseña» is a product, not its password.
_PRODUCTS = re.compile(
    r"(?:office|windows|win|outlook|ubuntu|debian|centos|php|mysql|sql|wordpress|plesk|exchange"
    r"|ipv|smtp|pop|imap|iphone|samsung|wpa|sha|md|utf|ssl|tls|o|m)\d{1,4}",
    re.IGNORECASE,
)
#: What follows «mi clave es» without being one.
_NO_VALUE = _set("""
    incorrecta incorrecto correcta correcto invalida inválida invalido inválido erronea errónea
    equivocada mala mal la el una muy no que vencida caducada expirada insegura debil débil segura
    temporal nueva vieja antigua wrong invalid incorrect expired the not too weak required
    obligatoria necesaria rechazada para de del
    """)
_WORD = (
    r"\b(?:claves?|contrase(?:ñ|n|ni)as?|passwords?|passwd|passphrase|pass|pwd|psw|pin|token"
    r"|api[ _-]?key|secreto|secret)\b"
)
_SAID = re.compile(
    rf"({_WORD}(?:[ ]?(?:=>|->|:=|[:=])[ ]{{0,3}}|[ ]{{1,3}}(?:es|era|is|was)[ ]?:?[ ]{{1,3}}))"
    r"(\S{1,200})",
    re.IGNORECASE,
)
_NEAR = re.compile(rf"({_WORD}[ ]{{1,3}})(\S{{3,200}})", re.IGNORECASE)
_KEPT = re.compile(r"0x[0-9a-f]{2,8}|kb\d{6,7}|cve-\d{4}-\d{4,6}", re.IGNORECASE)

_PARTS = re.compile(
    r"(?P<mark>" + MARK.pattern + r")"
    r"|(?P<url>\b[a-z][a-z0-9+.-]{1,20}://\S{1,2000}|\bwww\.\S{1,2000})"
    r"|(?P<mail>[^\s@<>()\[\],;:\"']{1,100}@[^\s@<>()\[\],;:\"']{1,200}"
    r"|\b[\w.+-]{1,64} ?[(\[]?(?:arroba|\bat\b(?= ?[)\]]))[)\]]? ?[\w-]{1,63}"
    r"(?: ?(?:\.|punto|dot) ?\w{2,20}){0,3})"
    r"|(?P<kept>(?<!\w)(?:" + _KEPT.pattern + r")(?!\w))"
    r"|(?P<key>(?<!\w)(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,255}|glpat-[\w-]{20,80}"
    r"|xox[abprs]-[\w-]{10,200}|[sr]k_live_\w{16,200}|sk-[\w-]{24,200}|AIza[\w-]{35}"
    r"|eyJ[\w.-]{20,4000}|[0-9a-f]{16,200}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?!\w))"
    r"|(?P<ip>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?![\w.])"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:]))"
    r"|(?P<domain>(?<![\w@./-])(?:[^\W_][\w-]{0,62}\.){1,6}[^\W\d_]{2,24}(?![\w-])(?:[/:]\S{0,2000})?)"
    r"|(?P<number>(?<!\w)\+?[(]?\d(?:[ ().\-/]{0,2}\d){5,40}(?!\w)|\b\w{0,40}\d{6,60}\w{0,40}\b)"
    r"|(?P<mixed>(?<![\w-])[\w!#$%&*+=?^~-]{10,200}(?!\w))",
    re.IGNORECASE,
)
_NAMED = {"url": URL, "mail": MAIL, "key": KEY, "number": NUMBER}


def mask(text: str) -> str:
    """`text` on one line with what names a person or opens a door taken out."""
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    line = _SAID.sub(_said, line)
    line = _NEAR.sub(_near, line)
    return " ".join(_PARTS.sub(_part, line).split())


def without_marks(text: str) -> str:
    """A masked text with its marks taken out: the words to search again."""
    return " ".join(MARK.sub(" ", text).split())


def _said(match: re.Match[str]) -> str:
    plain = match[2].strip(".,;!?\"'").lower() in _NO_VALUE
    return match[0] if plain else match[1] + KEY


def _near(match: re.Match[str]) -> str:
    return match[1] + KEY if _looks_typed(match[2]) else match[0]


def _looks_typed(word: str) -> bool:
    """Whether a word behind «contraseña» is one: digits among letters or signs, or a PIN."""
    if _PRODUCTS.fullmatch(word) or _KEPT.fullmatch(word) or word in MARKS:
        return False
    digits = sum(map(str.isdigit, word))
    others = any(character in "!@#$%^&*+=~|" for character in word)
    return digits >= 3 or (digits > 0 and any(map(str.isalpha, word))) or others


def _part(match: re.Match[str]) -> str:
    kind, found = match.lastgroup or "", match[0]
    if kind == "ip":
        return IP if "." in found or _is_ipv6(found) else found
    if kind == "domain":
        return _domain(found)
    if kind == "mixed":
        return KEY if _is_mixed(found) else found
    return _NAMED.get(kind, found)


def _is_ipv6(text: str) -> bool:
    """A time of day has colons too."""
    return "::" in text or text.count(":") >= 4


def _domain(found: str) -> str:
    name = re.split("[/:]", found, maxsplit=1)[0].lower()
    labels = name.split(".")
    if name in _NO_DOMAIN or (labels[-1] in _FILES and len(labels) < 3):
        return found
    return DOMAIN if len(labels[-1]) <= 3 or labels[-1] in _ENDINGS else found


def _is_mixed(word: str) -> bool:
    """Letters of both cases with digits, or signs with both: nobody looks for such a word."""
    digit = any(map(str.isdigit, word))
    both = any(map(str.islower, word)) and any(map(str.isupper, word[1:]))
    sign = any(character in "!#$%&*+=?^~" for character in word[:-1])
    return digit and (both or (sign and any(map(str.isalpha, word))))
