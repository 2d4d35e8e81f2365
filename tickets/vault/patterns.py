"""What secrets look like, and what only looks like them: Spanish and English. Pure.

Every pattern is bounded, so that a search through a text costs no more than its length.
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: How far behind its word a value is looked for, in characters.
REACH = 240
WORDS = re.compile(r"[^\W_](?:\w|-(?=\w)){0,60}|_\w{1,60}")
#: Words that announce a password by themselves.
KEYS = _set("""
    clave claves contraseña contraseñas contrasena contrasenas contrasenia contra password
    passwords passwd passphrase passcode pass pwd pw psw pin
    """)
#: What names of variables and settings end with.
ENDINGS = ("password", "passwd", "pwd", "_pass", "dbpass", "passphrase", "contrasena", "_clave")
TOKEN_KEYS = re.compile(
    r"(?:.*[_-])?(?:token|secret|api[_-]?key|apikey|access[_-]?key|secret[_-]?key"
    r"|private[_-]?key|client[_-]?secret)$"
)
#: Short words that are typed where no other word fits: the value follows at once.
SHORT = frozenset({"pass", "pwd", "pw", "psw", "passwd", "pin"})
#: «Palabra clave», «clave pública»: another thing altogether.
BEFORE_NOT = frozenset({"palabra", "palabras", "punto", "puntos", "dato", "en"})
AFTER_NOT = _set("""
    pública publica públicas publicas public primaria foránea foranea ajena única unica compuesta
    candidata primarias foráneas interbancaria
    """)
#: Who lost or changed a password names it without telling it.
LOST = re.compile(
    r"\b(?:olvid|perd[ií]|recuper|restablec|resete|reset|forg[eo]t|lost|recover|caduc|expir"
    r"|bloque|cambi(?:é|ar|o)\b|no (?:s[eé]|recuerdo|conozco|tengo)\b|actualic)",
    re.IGNORECASE,
)
#: Where a page or a program says it, the quoted words are its message.
LOST_OR_SAID = re.compile(
    LOST.pattern + r"|\b(?:error|mensaje|aviso|pregunta|respuesta|texto|campo|message|warning)",
    re.IGNORECASE,
)
#: Nothing more on the line of the word.
UNDER = re.compile(r"[*_]{0,3}[ \t]{0,8}\r?\n")
SEPARATOR = re.compile(
    r"[\"'`*_]{0,3}\)?[ \t]{0,4}(?:=>|:=|->|→|[:=>])(?![:/])[*_]{0,3}[ \t]{0,8}"
    r"|[\"'][ \t]{0,3},[ \t]{0,3}(?=[\"'])"
)
IS = re.compile(
    r"[ \t]{1,3}(?:es|son|era|será|is|was|quedó|ahora es|puse|le puse)"
    r"(?:[ \t]?:(?=[\"'`“«‘])|(?:[ \t]?:)?[ \t]{1,3})"
    r"(?:(?:la|el|this|the)[ \t](?:siguiente|following)[ \t:]{0,3})?",
    re.IGNORECASE,
)
SOFT = re.compile(r"[ \t]{1,3}(?:(?:a|por|to|as|con|with)[ \t]{1,3})?|[ \t]{0,3}[-–—/,][ \t]{0,3}")
#: «de root», «del panel de control», «for the admin user», «nueva»: between the word and its value.
OF = re.compile(
    r"[ \t]{1,3}(?:\(?(?:de la|de los|del|de|para el|para la|para|for the|for|of the|of|to the"
    r"|en el|en)[ \t]+(?:(?:mi|su|the|my|our|nuestro|nuestra|usuario|user|cuenta|panel)[ \t]+)?"
    r"[\w.@-]{1,64}\)?"
    r"|(?:nueva|nuevo|actual|temporal|anterior|provisional|new|current|sol|root|admin|wifi|ftp"
    r"|ssh|mysql|de acceso|\d{1,2})\b)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"([\"'`“«‘])([^\"'`”»’\n]{1,200})[\"'`”»’]")
BARE = re.compile(r"\S{1,400}")
END = re.compile(
    r"[ \t]*(?:$|\n|[,;.)!]|(?:y|and|e|/|\||-)[ \t]|usuario\b|user\b|gracias\b|</)", re.I
)
PLAIN_MINE = re.compile(
    r"\b(?:mi|nuestra|my|our|la)[ \t]{1,3}(?:nueva[ \t])?\w{1,20}$", re.IGNORECASE
)
#: Words that answer «how is the password?» instead of telling it.
NO_VALUE = _set("""
    incorrecta incorrecto correcta correcto inválida invalida inválido válida valida errónea
    erronea equivocada mala mal misma mismo débil debil segura insegura fuerte larga corta
    antigua vieja nueva nuevo rechazada aceptada distinta diferente secreta privada caducada
    vencida expirada bloqueada requerida obligatoria opcional olvidada perdida vacía vacia
    ninguna ninguno desconocida temporal visible pública cambiada actualizada restablecida buena
    necesaria importante personal anterior actual wrong invalid incorrect correct expired
    required optional weak strong same empty missing none null nil true false yes no sí si ok
    n/a unknown hidden changed reset blank aquí abajo arriba adjunta adjunto pendiente denegada
    failed failure error success prompt default string text buscar cambiar recuperar confirmar
    repetir olvidé olvide auth login
    """)
PLACEHOLDER = re.compile(
    r"[*•●xX.\-_?#·]+|<[^>]*>|\[\w*\]?|\{\{?\S*|\$\{\w*\}?|\$[A-Z_]{3,}|%\w+%"
    r"|(?:your|tu|su|my|mi)[_-]?(?:password|pass|pwd|clave|contraseña|contrasena|secret|token)\w{0,9}"
    r"|\(\S*|…+|ejemplo|example"
)
NOT_A_VALUE = re.compile(
    r"(?:https?|ftp)://\S*|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?"
    r"|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?(?:hs?|am|pm)?|v?\d+(?:\.\d+)+\w*"
    r"|(?:[A-Za-z0-9-]+\.){1,5}(?:com|net|org|pe|es|io|dev|info|example|local|php|html?|exe|txt"
    r"|conf|ini|log|js|py|pdf|zip)\b\S*|[~.]?/[\w./-]*|[A-Z]:\\\S*|[A-Z]{2,8}-\d{2,}(?:-\d+)*|#\d+"
    r"|n[°º.]\S*"
)
SYMBOL = re.compile(r"[!@#$%^&*+=?_~|\\{}\[\]<>;-]")

URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`«»]{1,2000}", re.IGNORECASE)
PLAIN_URL = re.compile(
    r"\bwww\.[^\s<>\"'`«»]{1,2000}"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/[^\s<>\"'`«»]{1,2000}",
    re.IGNORECASE,
)
USERINFO = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,80}:([^\s/@]{2,200})@", re.IGNORECASE
)
PAIR_AT_HOST = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}):([^\s:@/]{4,100})@[\w-]{1,63}\.[\w.-]{2,200}"
)
MAIL_LABELS = _set(
    "mailto correo email mail e-mail from to cc bcc de para contacto sip xmpp usuario user"
)
TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])"
    r"|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[\w-]{20,80}"
    r"|xox[abprs]-[\w-]{10,200}|(?:sk|rk)_live_[A-Za-z0-9]{16,200}|sk-[\w-]{24,200}"
    r"|AIza[\w-]{35}|npm_[A-Za-z0-9]{30,80}|SG\.[\w-]{16,80}\.[\w-]{16,80}"
    r"|eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,2000})"
)
BEARER = re.compile(
    r"\b(?:Bearer|Authorization:[ ]?Basic|Authorization:[ ]?Token)[ ]{1,2}([\w.~+/=-]{16,4000})",
    re.I,
)
COMMAND = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,160}?\s-p([^\s-][^\s]{3,99})"
    r"|\bsshpass\b[^\n]{0,160}?\s-p[ ]?([^\s-][^\s]{3,99})"
    r"|\bcurl\b[^\n]{0,160}?\s(?:-u|--user)[ ]{0,2}[\w.@+-]{1,64}:([^\s@]{4,99})"
)
PAIR = re.compile(
    r"\b(?:credenciales|credentials|accesos?|datos de acceso|login|usuario|user|username)"
    r"(?:[ \t]{1,2}(?:de|del|al|a|to|for)[ \t]{1,2}[\w.-]{1,40})?[ \t]{0,2}[:=]?[ \t]{0,3}"
    r"[\w.@+-]{2,64}[ \t]{0,2}[/|,:][ \t]{0,2}(\S{4,100})",
    re.IGNORECASE,
)
BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40})-----")
PUTTY = re.compile(r"PuTTY-User-Key-File-\d")
