"""Letters to people: one subject, one action, readable as plain text, no tracking.

`send` writes a job with what asked for the letter: it leaves after the commit, waits while mail is away.
"""

from echange.mail.addresses import BadAddress, is_address, mailbox_of
from echange.mail.compose import compose
from echange.mail.letter import Letter
from echange.mail.outbox import MailDelayed, MailRefused, deliver
from echange.mail.sending import handlers, send

__all__ = [
    "BadAddress",
    "Letter",
    "MailDelayed",
    "MailRefused",
    "compose",
    "deliver",
    "handlers",
    "is_address",
    "mailbox_of",
    "send",
]
