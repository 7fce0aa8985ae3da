"""Tokens and roles from the command line, for the member with an address."""

from echange.http import Refusal
from echange.i18n import mark
from echange.members.account import roles
from echange.members.models import Member, PersonalToken


class NobodyThere(Refusal):
    code = "no_such_member"
    sentence = mark("Personne n’a de compte avec cette adresse.")


class OnTheirWayOut(Refusal):
    code = "leaving"
    sentence = mark("Cette personne a prévu de partir : pas de jeton pour elle.")


async def issue_token(email: str) -> str:
    """A new token of the member with this address; raises NobodyThere, OnTheirWayOut."""
    member = await _with_email(email)
    if member.leaving_at is not None:
        raise OnTheirWayOut
    return await PersonalToken.issue(member, "echange token", at_most=None)


async def grant_role(email: str, role: str) -> str:
    """Give a role; the person's name. Raises NobodyThere, and what `roles.grant` raises."""
    member = await _with_email(email)
    await roles.grant(member.id, role, by=None)
    return member.name


async def revoke_role(email: str, role: str) -> str:
    """Take a role back; the person's name. Raises NobodyThere, LastAdmin."""
    member = await _with_email(email)
    await roles.revoke(member.id, role, by=None)
    return member.name


async def _with_email(email: str) -> Member:
    member = await Member.with_email(email)
    if member is None:
        raise NobodyThere
    return member
