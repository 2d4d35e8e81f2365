"""What fields say by themselves, in the words of the house instead of the form library's."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf.i18n import Translations


class HouseWords(Translations):
    """The library's messages that people meet; what is not here stays as the library says it."""

    def gettext(self, string: str) -> str:
        """In the language of the page."""
        if string in ("Not a valid choice.", "Invalid Choice: could not coerce."):
            return str(_("Elija una opción."))
        if string == "Not a valid integer value.":
            return str(_("Escriba un número entero."))
        return str(super().gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The same where a number is in it."""
        if singular.startswith("Field cannot be longer than "):
            return str(_("Use hasta %(n)s caracteres.", n=n))
        return str(super().ngettext(singular, plural, n))
