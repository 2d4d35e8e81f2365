"""Passwords: argon2id with the parameters of OWASP's cheat sheet, and which ones are refused."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

#: m = 19 MiB, t = 2, p = 1 (OWASP, ASVS 5.0 11.4.2).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: At most four at once: 32 checks together would take 600 MB.
_places = threading.BoundedSemaphore(4)
SHORTEST, LONGEST = 12, 256
#: zxcvbn refuses to look at more than 72 characters.
_JUDGED = 72
_ENOUGH = 2
#: Words that people here try first and the English lists do not hold.
_COMMON_HERE = ("contraseña", "contrasena", "clave", "netsolution", "soporte", "peru", "lima")


@cache
def _nobody() -> str:
    return _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """The argon2id string to store."""
    with _places:
        return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes the same time when there is nobody to check."""
    if len(password) > LONGEST:
        return False
    try:
        with _places:
            return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the parameters have grown since this hash was made."""
    return _hasher.check_needs_rehash(stored)


def objection(password: str, *context: str) -> str | None:
    """Why this password is refused, in words; None when it is good (ASVS 5.0 6.2).

    `context` holds words that a guesser would try: name, address, company.
    """
    if len(password) < SHORTEST:
        return str(
            _("Use al menos %(n)d caracteres; una frase de varias palabras sirve.", n=SHORTEST)
        )
    if len(password) > LONGEST:
        return str(_("Use hasta %(n)s caracteres.", n=LONGEST))
    words = [part for text in context for part in _parts(text)]
    lowered = password.casefold()
    if any(word in lowered and len(word) >= len(password) / 2 for word in words):
        return str(_("No use su nombre, su correo ni el nombre de su empresa como clave."))
    # Its word lists take 12 MB, and few processes ever judge a new password.
    from zxcvbn import zxcvbn

    guess = zxcvbn(password[:_JUDGED], user_inputs=[*words, *_COMMON_HERE])
    if guess["score"] < _ENOUGH:
        return str(
            _("Esa clave es fácil de adivinar. Junte tres o cuatro palabras que no se sigan.")
        )
    return None


def _parts(text: str) -> list[str]:
    lowered = text.casefold()
    pieces = {lowered, lowered.split("@")[0], *lowered.replace("@", " ").replace(".", " ").split()}
    pieces.add("".join(lowered.split()))
    return [piece for piece in pieces if len(piece) >= 4]
