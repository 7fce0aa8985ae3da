"""What is regularly done for conversations."""

from datetime import timedelta
from typing import Any

from echange.chat.absence import Post, mail_absent
from echange.chat.retention import forget_deserted, forget_old
from echange.chat.subjects import Subjects
from echange.config import Settings
from echange.jobs import Handler


def schedules(settings: Settings, subjects: Subjects, secret: str) -> dict[str, tuple[timedelta, Handler]]:
    """Names of regular jobs: how often, and what. The secret signs the links of mails."""
    home = settings.base_url or f"http://127.0.0.1:{settings.port}"
    post = Post(home, secret, subjects)
    delay = timedelta(minutes=settings.messages_mail_minutes)
    kept = timedelta(days=settings.messages_kept_days)

    async def write(_: dict[str, Any]) -> None:
        await mail_absent(post, delay)

    async def forget(_: dict[str, Any]) -> None:
        if kept:
            await forget_old(kept)
        await forget_deserted()

    return {"chat.mail_absent": (timedelta(minutes=1), write), "chat.forget": (timedelta(days=1), forget)}
