"""A new neighbour, and the proof of their address."""

from datetime import date

from echange.database import in_transaction
from echange.http.dates import now
from echange.http.promises import kept
from echange.members import letters
from echange.members.models import CONFIRM, AddressTaken, MailKey, Member
from echange.members.passwords import check_strength, hash_password


async def join(
    *, name: str, email: str, password: str | None, locale: str, home: str, minor_until: date | None = None
) -> Member:
    """A new account, and a mail to its address with links below `home`; raises WeakPassword.

    An address that is known joins all the same: only its mail tells. Without a password they come back
    by mailed links. Somebody under age is so until the day `minor_until`.
    """
    password_hash = None
    if password is not None:
        await check_strength(password, name=name, email=email)
        password_hash = await hash_password(password)
    async with in_transaction():
        member = await Member.settle(
            name=name,
            email=email,
            password_hash=password_hash,
            locale=locale,
            minor_until=minor_until,
        )
        await ask_confirmation(member, home)
    return member


async def ask_confirmation(member: Member, home: str) -> None:
    """Mail a link that confirms the address; if it is another account's, tell its owner instead."""
    async with in_transaction():
        if await member.address_is_taken(member.email):
            await letters.tell_already_here(member.email, member.locale, home=home)
        else:
            key = await MailKey.issue(member.id, CONFIRM)
            await letters.ask_confirmation(member.email, member.locale, home=home, name=member.name, key=key)


async def confirm(key: str) -> Member:
    """The address is theirs; raises LinkGone, or AddressTaken when another account proved it first."""
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member = await MailKey.take(key, CONFIRM)
            member.confirmed_at = now()
            await member.save(update_fields=["confirmed_at"])
            return member
