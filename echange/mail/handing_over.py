"""A letter given to the town's mail server (RFC 5321)."""

from email.message import EmailMessage
from typing import Final

import aiosmtplib

from echange.config import Settings
from echange.mail.addresses import parse, parse_sender
from echange.mail.letter import Letter
from echange.mail.outbox import MailDelayed, MailRefused
from echange.mail.server import MailServer

TIMEOUT_SECONDS: Final = 10.0


async def hand_over(message: EmailMessage, letter: Letter, settings: Settings) -> None:
    """Give the letter to the mail server. Raises MailDelayed or MailRefused."""
    server = MailServer.from_url(settings.mail_url or "")
    sender = parse_sender(settings.mail_from)
    # Bytes, for aiosmtplib would fold the headers of a message anew; seven bits, which every server takes.
    content = message.as_bytes(policy=message.policy.clone(cte_type="7bit"))
    try:
        await aiosmtplib.send(
            content,
            sender=sender.addr_spec,
            recipients=[parse(letter.to).addr_spec],
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            # The default asks the network for our own name, and may wait for it.
            local_hostname=sender.domain,
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        if _is_final(error):
            raise MailRefused(str(error)) from error
        raise MailDelayed(str(error)) from error


def _is_final(error: Exception) -> bool:
    """Whether this person or letter is refused; a refusal of ourselves ends when our settings are mended."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refusal.code >= 500 for refusal in error.recipients)
    return isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500
