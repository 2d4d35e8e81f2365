"""The words of one matter, mail, pages, bills …, and which may cause each other (R6): pure."""

from __future__ import annotations

import re


def pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.ASCII)


FAMILIES = {
    "mail": pattern(
        "correos?\\b|e-?mails?\\b|mail\\b|mailbox|buzon|outlook|gmail|hotmail|webmail|smtp|imap|"
        "spam\\b|dkim|mx\\b"
    ),
    "pages": pattern(
        "web\\b|website|paginas?\\b|sitio|wordpress|woocommerce|tienda|carrito|checkout|joomla|"
        "plugin|php\\b|apache|formulario|redirigir"
    ),
    "database": pattern("mysql|mariadb|postgres|bases? de datos|database"),
    "names": pattern("dominios?\\b|subdominio|dns\\b|domain"),
    "certificate": pattern("ssl\\b|certificado|no segur[ao]|https\\b|certificate"),
    "shell": pattern("ssh\\b|llaves? (?:ssh|publica)"),
    "ftp": pattern("s?ftp\\b|filezilla"),
    "bills": pattern(
        "facturas?\\b|facturacion|voucher|nota de credito|cotizacion|pague\\b|pagamos|"
        "cuanto cuesta|invoice|billing"
    ),
    "copies": pattern("copias? de seguridad|la copia\\b|respaldo|backup"),
    "machine": pattern(
        "servidor(?:es)?\\b|vps\\b|disco\\b|memoria\\b|reiniciar|server\\b|mi plan\\b"
    ),
    "network": pattern("puertos?\\b|cortafuegos|firewall|ping\\b|vpn\\b"),
    "panel": pattern("panel\\b|cpanel|plesk"),
    "programs": pattern("erp\\b|reportes?\\b|sistema (?:de ventas|contable)"),
}
#: What may be the cause of each other.
NEAR = {
    "mail": "names certificate machine network pages panel",
    "pages": "mail database names certificate machine network ftp copies programs panel",
    "database": "pages machine network programs copies",
    "names": "mail pages certificate",
    "certificate": "mail pages names",
    "shell": "machine network panel",
    "ftp": "pages machine network panel",
    "bills": "",
    "copies": "pages database machine panel",
    "machine": "mail pages database network shell copies programs ftp panel",
    "network": "mail pages database machine shell ftp",
    "panel": "mail pages machine shell ftp copies",
    "programs": "pages database machine",
}
