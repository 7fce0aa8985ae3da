"""A letter leaves: as a file in the data folder, or by a mail server."""

import asyncio
import os
import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from echange.config import Settings
from echange.jobs import Abandoned, Postponed
from echange.mail.compose import compose
from echange.mail.letter import Letter


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
        # Comes with the first letter that leaves this way.
        from echange.mail.handing_over import hand_over

        await hand_over(message, letter, settings)


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
