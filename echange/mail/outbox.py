"""A letter leaves: as a file in the data folder, or by a mail server."""

import asyncio
import os
import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import aiosmtplib

from echange.config import Settings
from echange.jobs import Abandoned, Postponed
from echange.mail.addresses import parse, parse_sender
from echange.mail.compose import compose
from echange.mail.letter import Letter
from echange.mail.server import MailServer

TIMEOUT_SECONDS: Final = 10.0


class MailDelayed(Postponed):
    """The letter could not leave now; it can later."""


class MailRefused(Abandoned):
    """The server will never take this letter for this person (a 5xx answer)."""


async def deliver(letter: Letter, settings: Settings) -> None:
    """Hand the letter over, now. Raises MailDelayed or MailRefused.

    Without a mail server it becomes an .eml file in the data folder's `outbox`; names sort by time.
    """
    message = compose(letter, settings.mail_from)
    if settings.mail_url is None:
        await asyncio.to_thread(_keep, message, settings.data_dir / "outbox" / _file_name(letter))
    else:
        await _hand_over(message, letter, settings)


def _keep(message: EmailMessage, path: Path) -> None:
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with unfinished.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise MailDelayed(str(error)) from error


def _file_name(letter: Letter) -> str:
    """The same for the same letter: one that is delivered again takes the place of itself."""
    written = datetime.fromisoformat(letter.written_at).astimezone(UTC)
    return f"{written:%Y%m%dT%H%M%S.%fZ}-{_slug(letter.to)}-{letter.id[:8]}.eml"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


async def _hand_over(message: EmailMessage, letter: Letter, settings: Settings) -> None:
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
