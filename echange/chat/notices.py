"""Messages have their own unread counts: nobody gets a notice for each of them. A mail tells who is away."""

from typing import Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind

UNREAD: Final = "unread_messages"
FIRST_WORDS: Final = "first_words"
"""Refused like a kind of mail: then the mail does not quote."""

kinds: Final[tuple[Kind, ...]] = (
    Kind(UNREAD, lambda data: _("Un message vous attend"), label=mark("Un message non lu"), mail=True),
    Kind(
        FIRST_WORDS,
        lambda data: _("Un message vous attend"),
        label=mark("Les premiers mots de ce message, dans le mail"),
        mail=True,
    ),
)
