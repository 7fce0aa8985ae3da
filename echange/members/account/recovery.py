"""The desk gives an account back to somebody whose mailbox is lost."""

from echange.database import in_transaction
from echange.http import NotFound, Refusal, Viewer
from echange.http.promises import kept
from echange.i18n import mark
from echange.members import letters
from echange.members.account.addresses import move
from echange.members.models import (
    RECOVER,
    REVERT,
    AddressTaken,
    MailKey,
    Member,
    StaffAct,
    StaffRole,
)
from echange.members.passwords import check_strength, hash_password


class OwnAccount(Refusal):
    code = "own_account"
    sentence = mark("C’est votre propre compte : demandez à quelqu’un d’autre de l’équipe.")


class AccountOfStaff(Refusal):
    code = "account_of_staff"
    sentence = mark(
        "C’est le compte de quelqu’un de l’équipe : seule l’administration peut en rendre l’accès."
    )


class AddressOfAnother(Refusal):
    code = "address_of_another"
    sentence = mark("Cette adresse est déjà celle d’un autre compte.")


async def offer_access(member_id: int, *, by: Viewer, address: str, how: str, home: str) -> None:
    """Mail a link to the new address, good for a day; the old one is told and may stop it for fourteen.

    `how` says how the desk knows the person. Raises OwnAccount, AccountOfStaff, AddressOfAnother.
    """
    async with in_transaction():
        member = await Member.filter(id=member_id, left_at=None).select_for_update(no_key=True).get_or_none()
        if member is None:
            raise NotFound
        await _check(member, by, address)
        await MailKey.forget(member.id, RECOVER)
        await _tell_both(member, address, home)
        await StaffAct.note("access_offered", "member", member.id, by=by.id, how=how, address=masked(address))


async def _check(member: Member, by: Viewer, address: str) -> None:
    if member.id == by.id:
        raise OwnAccount
    if "admin" not in by.roles and await StaffRole.exists(member_id=member.id):
        raise AccountOfStaff
    if await member.address_is_taken(address):
        raise AddressOfAnother


async def _tell_both(member: Member, address: str, home: str) -> None:
    key = await MailKey.issue(member.id, RECOVER, address=address)
    await letters.offer_recovery(address, member.locale, home=home, name=member.name, key=key)
    # What was never proved may be a stranger's, who could take the account by it.
    if member.mailbox:
        key = await MailKey.issue(member.id, REVERT, address=member.email)
        await letters.tell_recovery(member.email, member.locale, home=home, name=member.name, key=key)


async def recover(key: str, password: str | None) -> Member:
    """The account is at the new address, with this password or none; sessions and tokens end.

    Whom the desk kept has an ordinary account from now on.

    Raises LinkGone, AddressTaken, WeakPassword.
    """
    found = await MailKey.find(key, RECOVER)
    password_hash = None
    if password is not None:
        await check_strength(password, name=found.member.name, email=found.address or "")
        password_hash = await hash_password(password)
    with kept({"member_email_once": AddressTaken}):
        async with in_transaction():
            member, address = await MailKey.take_address(key, RECOVER)
            member.password_hash = password_hash
            await move(member, address)
            await member.end_tokens()
            await member.end_sessions()
            return member


def masked(email: str) -> str:
    """« a•••@exemple.fr »: enough to recognise an address, not to write to it; "" for none."""
    if not email:
        return ""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"
