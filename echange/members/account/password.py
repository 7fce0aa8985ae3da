"""A password chosen, or chosen anew."""

from dataclasses import dataclass, field

from echange.database import in_transaction
from echange.members.account.proof import prove
from echange.members.models import RESET, SIGN_IN, MailKey, Member
from echange.members.passwords import check_strength, hash_password


@dataclass
class Ended:
    """Ids of the sessions and personal tokens that ended."""

    sessions: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


async def choose_password(
    member: Member, *, current: str, new: str, session_id: int | None, tokens_too: bool
) -> Ended:
    """All sessions but this one end, and the tokens if asked.

    Raises WrongPassword, SignInAgain, WeakPassword.
    """
    await prove(member, password=current, session_id=session_id)
    await check_strength(new, name=member.name, email=member.email)
    member.password_hash = await hash_password(new)
    async with in_transaction():
        await member.save(update_fields=["password_hash"])
        await MailKey.forget(member.id, RESET, SIGN_IN)
        return Ended(
            sessions=await member.end_sessions(but=session_id),
            tokens=await member.end_tokens() if tokens_too else [],
        )
