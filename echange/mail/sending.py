"""Letters are jobs: written in the transaction of what they tell, delivered after it."""

from typing import Any, Final

from echange.config import Settings
from echange.jobs import Handler, enqueue
from echange.mail.letter import Letter
from echange.mail.outbox import deliver
from echange.mail.server import MailServer

JOB: Final = "mail"


async def send(letter: Letter) -> None:
    """Have the letter delivered once the current transaction is committed."""
    await enqueue(JOB, letter.as_dict())


def handlers(settings: Settings) -> dict[str, Handler]:
    """What the worker calls to deliver letters. Raises ValueError when the mail server's address is wrong."""
    if settings.mail_url is not None:
        MailServer.from_url(settings.mail_url)

    async def deliver_letter(payload: dict[str, Any]) -> None:
        await deliver(Letter.from_dict(payload), settings)

    return {JOB: deliver_letter}
