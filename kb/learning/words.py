"""The words of a text that may be kept: none that names a person, a place of theirs or a secret.

What is kept are single words of a language, folded, by their stem. Everything with a digit, an
@, a dot or a slash in it goes, and so does what is written like a name, follows «me llamo» or
closes a letter. Pure but for `kb.analysis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.analysis import (
    LANGUAGES,
    fold,
    is_courtesy,
    is_stop,
    known_language,
    normalise,
    stem,
    tokens,
)
from kb.index import MAX_TICKET_CHARS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHORTEST, LONGEST = 3, 20
#: What the column of a hidden word holds.
LONGEST_TYPED = 32
#: A longer word without a vowel is a key; shorter ones are `ssh`, `https`.
LONGEST_WITHOUT_VOWEL = 5
#: Names that belong to nobody: written with capitals, they say what a text is about.
PRODUCTS = _set(
    """
    api cdn cgi cpu cron css ddos dkim dmarc dns dnssec html http https imap isp json lte mx ns
    pdf pop ram raid rdp seo sftp smtp smtps spam spf sql ssd ssl tld tls txt url usb utf vpn
    vps waf wifi xml yaml zip
    adobe android apache apple autodiscover azure bing bootstrap centos chrome cloudflare cpanel
    culqi debian directadmin django docker drive drupal edge excel exchange facebook filezilla
    firefox ftp git github gmail google hotmail imap instagram ios ipad iphone izipay java joomla
    laravel letsencrypt linkedin linux litespeed mac macos magento mailchimp mariadb messenger
    microsoft moodle mozilla mysql netflix nginx niubiz node office onedrive opera oracle outlook
    paypal php phpmyadmin plesk plin postgres postgresql prestashop proxmox putty python redis
    roundcube safari samsung shopify skype ssh ssl teams telegram thunderbird tiktok tomcat
    twitter ubuntu visa webmail whatsapp whm windows winscp woocommerce word wordpress xiaomi
    yahoo yape youtube zimbra zoho zoom
    """
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:muchas )?gracias y )?(?:atentamente|atte\b|saludos|saludo|cordialmente|"
    r"un abrazo|regards|best regards|kind regards|sincerely|firma|enviado desde|sent from)",
    re.IGNORECASE | re.MULTILINE,
)
_INTRODUCED = re.compile(
    r"\b(?:soy|me llamo|mi nombre(?: es)?|se llama|llamad[oa]|i am|my name is|this is|sr|sra|srta|"
    r"señor|señora|señorita|don|doña|ing|dr|dra|lic|mr|mrs|ms|razón social|razon social)\b[.:]?"
    r"(?:[ \t]+[^\s,;]+){1,3}",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\b(claves?|contrase(?:ñ|n)as?|passwords?|pass|pwd|pin|token|usuarios?|users?|login|"
    r"credencial(?:es)?|secret|key)\b[ \t]*(?:(?:es|son|is|was)\b[ \t]*:?|[:=])[ \t]*\S+",
    re.IGNORECASE,
)
_CHUNK = re.compile(r"\S+")
_WHOLE = re.compile(r"[\d@\\_=<>{}\[\]•*#]|://|www\.|[^\W\d_]\.[^\W\d_]|\.\w+\.|^/|/.*/")
_VOWEL = re.compile("[aeiou]")
_RUN = re.compile(r"(.)\1{3}")


def words_of(
    text: str, lang: str, *, said: frozenset[str] = frozenset(), private: Iterable[str] = ()
) -> dict[str, str]:
    """Words that may be kept, as they are written, by their stem; in their order.

    `said` are stems to leave out, `private` texts whose words name the writer.
    """
    lang = known_language(lang)
    own = {token.word for name in private for token in tokens(fold(normalise(name)))}
    found: dict[str, str] = {}
    for word in _plain_words(normalise(text[:MAX_TICKET_CHARS])):
        if word in own or not _is_word(word):
            continue
        root = stem(word, lang)
        if root not in said:
            found.setdefault(root, word)
    return found


def stems_of(texts: Iterable[str], lang: str) -> frozenset[str]:
    """Every stem that these texts say."""
    lang = known_language(lang)
    return frozenset(
        stem(form, lang)
        for text in texts
        for token in tokens(fold(normalise(text)))
        for form in token.forms
    )


def _plain_words(text: str) -> Iterator[str]:
    closing = _CLOSING.search(text)
    text = text[: closing.start()] if closing else text
    text = _INTRODUCED.sub(" . ", _SECRET.sub(r"\1 . ", text))
    shouting = text.upper() == text
    opens = True
    for match in _CHUNK.finditer(text):
        chunk = match.group()
        if not _WHOLE.search(chunk.rstrip(".,;:!?)")):
            yield from _words_in(chunk, opens=opens, shouting=shouting)
        before = text[match.end() : match.end() + 1]
        opens = chunk[-1] in ".!?:¡¿-*" or before == "\n"


def _words_in(chunk: str, *, opens: bool, shouting: bool) -> Iterator[str]:
    folded = fold(chunk)
    for token in tokens(folded):
        written = chunk[token.start : token.end]
        word = token.joined or token.word
        if word in PRODUCTS or shouting or not _names_somebody(written, opens=opens):
            yield word
        opens = False


def _names_somebody(written: str, *, opens: bool) -> bool:
    """Whether it is written as names are, or as keys: a capital where none belongs."""
    inner = written[1:] if opens else written
    return inner != inner.lower()


def _is_word(word: str) -> bool:
    if not word.isalpha() or not SHORTEST <= len(word) <= LONGEST or _RUN.search(word):
        return False
    if len(word) > LONGEST_WITHOUT_VOWEL and not _VOWEL.search(word):
        return False
    return not is_courtesy(word) and not any(is_stop(word, lang) for lang in LANGUAGES)


def typed_words(text: str, lang: str) -> dict[str, str]:
    """What an editor typed as words by their stem: anything that can be searched for."""
    lang = known_language(lang)
    found: dict[str, str] = {}
    for token in tokens(fold(normalise(text))):
        word = token.word[:LONGEST_TYPED]
        if len(word) > 1 and not is_courtesy(word) and not is_stop(word, lang):
            found.setdefault(stem(word, lang)[:LONGEST_TYPED], word)
    return found
