"""Reading what arrives in the outbox folder."""

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

from echange.config import Settings


async def letters_to(settings: Settings, address: str, *, at_least: int = 1) -> list[EmailMessage]:
    """The letters written to an address so far, waiting until there are as many."""
    async with asyncio.timeout(10):
        while len(found := _read(settings.data_dir / "outbox", address)) < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


def _read(folder: Path, address: str) -> list[EmailMessage]:
    letters = [
        email.message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        for file in sorted(folder.glob("*.eml"))
    ]
    return [letter for letter in letters if address.lower() in str(letter["to"]).lower()]


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def path_in(letter: EmailMessage, start: str) -> str:
    """The path of the link below `start` that a letter carries."""
    found = re.search(rf"https?://[^/\s]+({re.escape(start)}[^\s<>]*)", text_of(letter))
    assert found, text_of(letter)
    return found[1]
