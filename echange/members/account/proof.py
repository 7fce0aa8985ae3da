"""That it is really them, before something grave: the password, or a sign-in minutes old without one."""

from datetime import timedelta
from typing import Final

from echange.http import Refusal
from echange.http.dates import now
from echange.i18n import mark
from echange.members.models import Member, Session, WrongPassword
from echange.members.passwords import is_password

FRESH: Final = timedelta(minutes=10)


class SignInAgain(Refusal):
    code = "sign_in_again"
    sentence = mark("Pour être sûrs que c’est vous, connectez-vous de nouveau par un lien.")


async def prove(member: Member, *, password: str, session_id: int | None) -> None:
    """Raise WrongPassword, or SignInAgain when there is none and the sign-in is older than ten minutes."""
    if member.password_hash is not None:
        if not await is_password(password, member.password_hash):
            raise WrongPassword
    elif not await is_fresh(member, session_id):
        raise SignInAgain


async def is_fresh(member: Member, session_id: int | None) -> bool:
    """Whether this session was opened in the last ten minutes."""
    return await Session.exists(id=session_id or 0, member_id=member.id, created_at__gt=now() - FRESH)
