"""Ways in that are mailed: a link that signs in, a link that sets a new password."""

from typing import Any, Final

from echange import jobs
from echange.database import in_transaction
from echange.http.dates import now
from echange.http.promises import kept
from echange.members import letters
from echange.members.models import RESET, SIGN_IN, AddressTaken, MailKey, Member
from echange.members.passwords import check_strength, hash_password

JOB: Final = "members.mail_link"


async def ask_link(email: str, purpose: str, *, locale: str, home: str, suite: str = "/") -> None:
    """Have a link mailed to sign in (SIGN_IN) or to set a password (RESET).

    Whether anybody has this address is looked up by a job, so that not even time tells.
    """
    await jobs.enqueue(
        JOB, {"email": email, "purpose": purpose, "locale": locale, "home": home, "suite": suite}
    )


async def mail_link(payload: dict[str, Any]) -> None:
    """The job behind `ask_link`."""
    member, home = await Member.with_email(payload["email"]), payload["home"]
    async with in_transaction():
        if member is None:
            await letters.tell_nobody_here(payload["email"], payload["locale"], home=home)
            return
        key = await MailKey.issue(member.id, payload["purpose"])
        to, locale, name = member.email, member.locale, member.name
        if payload["purpose"] == RESET:
            await letters.ask_reset(to, locale, home=home, name=name, key=key)
        else:
            await letters.send_way_in(to, locale, home=home, name=name, key=key, suite=payload["suite"])


async def sign_in(key: str) -> Member:
    """Who follows a link to sign in; it confirms the address too. Raises LinkGone, AddressTaken."""
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member = await MailKey.take(key, SIGN_IN)
            if member.confirmed_at is None:
                await _prove_address(member)
            return member


async def _prove_address(member: Member) -> None:
    # Whoever wrote this address at joining may be somebody else: what they hold opens nothing any more.
    member.confirmed_at = now()
    member.password_hash = None
    await member.save(update_fields=["confirmed_at", "password_hash"])
    await member.end_tokens()
    await member.end_sessions()


async def reset_password(key: str, password: str) -> Member:
    """Set a password by mailed link; every session and token ends. Raises LinkGone, WeakPassword."""
    holder = (await MailKey.find(key, RESET)).member
    await check_strength(password, name=holder.name, email=holder.email)
    password_hash = await hash_password(password)
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member = await MailKey.take(key, RESET)
            member.password_hash = password_hash
            # The link came to this address: it is proved as well.
            member.confirmed_at = member.confirmed_at or now()
            await member.save(update_fields=["password_hash", "confirmed_at"])
            await MailKey.forget(member.id, SIGN_IN)
            await member.end_tokens()
            await member.end_sessions()
            return member
