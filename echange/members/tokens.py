"""Personal tokens from the command line."""

from echange.http import Refusal
from echange.i18n import mark
from echange.members.models import Member, PersonalToken


class NobodyThere(Refusal):
    code = "no_such_member"
    sentence = mark("Personne n’a de compte avec cette adresse.")


async def issue_token(email: str) -> str:
    """A new token of the member with this address; raises NobodyThere."""
    member = await Member.with_email(email)
    if member is None:
        raise NobodyThere
    return await PersonalToken.issue(member, "echange token", at_most=None)
