"""Notices by mail: with one link, and one click to have no more of them (RFC 8058)."""

from typing import Any, Final
from urllib.parse import urljoin

from itsdangerous import BadSignature, URLSafeSerializer

from echange import mail
from echange.config import Settings
from echange.database import in_transaction
from echange.i18n import gettext as _
from echange.i18n import speaking
from echange.jobs import Handler
from echange.notifications.kinds import Kinds
from echange.notifications.models import MAIL_JOB, MailRefusal, Notice

UNSUBSCRIBE: Final = "/desabonnement/"


def handlers(kinds: Kinds, settings: Settings) -> dict[str, Handler]:
    """The jobs of this room, by name."""
    secret = settings.secret()
    home = settings.base_url or f"http://127.0.0.1:{settings.port}"

    async def mail_notice(payload: dict[str, Any]) -> None:
        await _mail(int(payload["notice"]), kinds, secret, home)

    return {MAIL_JOB: mail_notice}


async def _mail(notice_id: int, kinds: Kinds, secret: str, home: str) -> None:
    notice = await Notice.get_or_none(id=notice_id).select_related("member")
    # What was read on the site meanwhile needs no mail.
    if notice is None or notice.read_at is not None or not kinds[notice.kind].mail:
        return
    if not notice.member.mailbox:
        return
    if await MailRefusal.exists(member_id=notice.member_id, kind=notice.kind):
        return
    with speaking(notice.member.locale):
        letter = _letter(notice, kinds[notice.kind].sentence(notice.data), secret, home)
    async with in_transaction():
        await mail.send(letter)


def _letter(notice: Notice, sentence: str, secret: str, home: str) -> mail.Letter:
    return mail.Letter(
        to=notice.member.mailbox,
        subject=sentence,
        paragraphs=(
            _("Bonjour {name},").format(name=notice.member.name),
            _("{sentence}.").format(sentence=sentence),
        ),
        action=(_("Voir sur échange"), urljoin(home, notice.link)),
        reason=_("Vous recevez ce message parce que vous avez un compte sur échange."),
        unsubscribe_url=home + UNSUBSCRIBE + sign_refusal(secret, notice.member_id, notice.kind),
        locale=notice.member.locale,
        # A job interrupted after its commit runs again: the mailbox sees the same letter.
        id=f"notice-{notice.id}",
    )


def sign_refusal(secret: str, member_id: int, kind: str) -> str:
    """The token of an unsubscribe link: good for ever, for this member and kind only."""
    token: str = _serializer(secret).dumps([member_id, kind])
    return token


def read_refusal(secret: str, token: str) -> tuple[int, str] | None:
    """Whose mails of which kind a link ends; None when we did not sign it."""
    try:
        member_id, kind = _serializer(secret).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(member_id), str(kind)


def _serializer(secret: str) -> Any:  # noqa: ANN401 — generic only in its stub
    return URLSafeSerializer(secret, salt="unsubscribe")
