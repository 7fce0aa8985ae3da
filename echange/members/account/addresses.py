"""Another e-mail address: the new one proves itself, the old one may take it back for 14 days."""

from typing import Any, Final

from echange import jobs
from echange.database import in_transaction
from echange.http import Refusal
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import mark
from echange.members import letters
from echange.members.models import CHANGE, REVERT, AddressTaken, LinkGone, MailKey, Member
from echange.members.models.mail_key import OF_THE_ADDRESS

JOB: Final = "members.mail_change"


class SameAddress(Refusal):
    code = "same_address"
    sentence = mark("C’est déjà votre adresse.")


async def ask_change(member: Member, address: str, *, home: str) -> None:
    """Mail a link to the new address; one that another account has proved is told so itself, nobody else.

    Raises SameAddress. The look-up is a job's, so that not even time tells.
    """
    if member.confirmed_at and address.lower() == member.email.lower():
        raise SameAddress
    await jobs.enqueue(JOB, {"member": member.id, "address": address, "home": home})


async def mail_change(payload: dict[str, Any]) -> None:
    """The job behind `ask_change`."""
    member = await Member.get_or_none(id=payload["member"], left_at=None)
    if member is None:
        return
    address, home = payload["address"], payload["home"]
    async with in_transaction():
        if await member.address_is_taken(address):
            await letters.tell_address_wanted(address, member.locale, home=home)
        else:
            key = await MailKey.issue(member.id, CHANGE, address=address)
            await letters.ask_change(address, member.locale, home=home, name=member.name, key=key)


async def change(key: str, *, by: int, home: str) -> None:
    """The new address is theirs: it counts from now on, both are told. Raises LinkGone, AddressTaken.

    Only the member themselves may: a link that went to a mistyped address opens nobody's account.
    """
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member, address = await MailKey.take_address(key, CHANGE)
            if member.id != by:
                raise LinkGone
            # What was never proved may be a stranger's, who could take the account by it.
            if member.confirmed_at:
                await _tell_old_address(member, home)
            await move(member, address)
            await letters.tell_changed_here(address, member.locale, home=home, name=member.name)


async def _tell_old_address(member: Member, home: str) -> None:
    key = await MailKey.issue(member.id, REVERT, address=member.email)
    await letters.tell_changed_away(member.email, member.locale, home=home, name=member.name, key=key)


async def take_back(key: str) -> Member:
    """The former address counts again; sessions, tokens and password are gone.

    Raises LinkGone, AddressTaken.
    """
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member, address = await MailKey.take_address(key, REVERT)
            # Who changed the address knew the password.
            member.password_hash = None
            await move(member, address)
            await member.end_tokens()
            await member.end_sessions()
            return member


async def move(member: Member, address: str) -> None:
    """Make a proved address the member's, in the caller's transaction; links to another open nothing now.

    Whoever has one is not kept by the desk, which forgets their phone.
    """
    member.email = address
    member.confirmed_at = now()
    member.kept_by_desk = False
    member.phone = ""
    await member.save(update_fields=["email", "confirmed_at", "password_hash", "kept_by_desk", "phone"])
    await MailKey.forget(member.id, *OF_THE_ADDRESS)
