"""French is the source, other catalogues are read on first use; the locale travels in a context variable."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from echange.web import LOCALES_DIR

LOCALES: Final = ("fr", "en")
current_locale: ContextVar[str] = ContextVar("locale", default="fr")


def gettext(message: str) -> str:
    """The message in the reader's language."""
    locale = current_locale.get()
    return message if locale == "fr" else catalogue(locale).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for `n` things; French counts zero as singular."""
    locale = current_locale.get()
    if locale == "fr":
        return one if n < 2 else many
    return catalogue(locale).ngettext(one, many, n)


def mark(message: str) -> str:
    """Name a message for the catalogue where it is defined, to translate it where it is shown."""
    return message


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Everything inside is said in `locale` (mails and notices to somebody else)."""
    token = current_locale.set(locale if locale in LOCALES else "fr")
    try:
        yield
    finally:
        current_locale.reset(token)


@cache
def catalogue(locale: str) -> NullTranslations:
    """The compiled catalogue of `locale`, made from its .po file the first time somebody asks for it."""
    # Only readers of another language pay for babel's import and the parsing.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    compiled = BytesIO()
    with _source(locale).open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


def version_of(locale: str) -> str:
    """What changes with the sentences of a language; French ones stand in the sources themselves."""
    return "" if locale == "fr" else hashlib.sha256(_source(locale).read_bytes()).hexdigest()


def _source(locale: str) -> Path:
    return LOCALES_DIR / locale / "LC_MESSAGES" / "echange.po"
