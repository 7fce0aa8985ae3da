"""Whatever people do, and all at once, an open organisation keeps somebody who answers for it."""

import asyncio
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echange.database import execute, fetch_value, in_transaction
from echange.http import Refusal
from echange.members.keys import hash_key
from echange.members.models import Invitation, Membership, Organisation
from echange.members.models.invitation import InvitationGone
from echange.members.models.membership import ROLES
from echange.members.organisations import privacy
from tests.members.organisations import seen
from tests.neighbours import Town

PEOPLE = ("alice", "bob", "charlie", "redoute")


@dataclass(frozen=True)
class Act:
    """What somebody tries to do; `whom` and `role` where it takes them."""

    what: str
    who: str
    whom: str
    role: str


acts = st.builds(
    Act,
    st.sampled_from(["join", "leave", "remove", "give_role", "close", "reopen", "forget"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(PEOPLE),
    st.sampled_from(ROLES),
)
# Some come one after another, some at the same moment.
stories = st.lists(st.lists(acts, min_size=1, max_size=3), min_size=1, max_size=8)


@settings(
    max_examples=settings().max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=stories)
async def test_an_open_organisation_always_has_an_owner(
    orm: None, town: Town, story: list[list[Act]]
) -> None:
    home = await Organisation.found(by=seen(town, "redoute"), kind="association", name="Fêtes")
    for at_once in story:
        await asyncio.gather(*(attempt(act, home.id, town) for act in at_once))
        orphaned = await fetch_value(
            """SELECT count(*) FROM organisation o WHERE closed_at IS NULL AND NOT EXISTS
               (SELECT FROM membership WHERE organisation_id = o.id AND role = 'owner')"""
        )
        assert orphaned == 0, at_once


async def attempt(act: Act, home_id: int, town: Town) -> None:
    """Do it as pages do; a refusal is a fine answer, an accident is not."""
    me = seen(town, act.who)
    try:
        match act.what:
            case "join":
                await join(home_id, town, act)
            case "leave":
                await (await Membership.of(home_id, me.id)).end(by=me)
            case "remove":
                await (await Membership.of(home_id, town[act.whom])).end(by=me)
            case "give_role":
                await (await Membership.of(home_id, town[act.whom])).become(act.role, by=me)
            case "close":
                await (await Organisation.get(id=home_id)).close()
            case "reopen":
                await (await Organisation.get(id=home_id)).reopen()
            case "forget":
                async with in_transaction():
                    await privacy.forget(me.id)
    except Refusal:
        pass


async def join(home_id: int, town: Town, act: Act) -> None:
    key = hash_key(f"{act} {id(act)}")
    await execute(
        """INSERT INTO invitation (email, role, key_hash, expires_at, by_id, organisation_id)
           VALUES ('x@y.example', $1, $2, now() + interval '1 day', $3, $4)
           ON CONFLICT DO NOTHING""",
        act.role, key, town["redoute"], home_id,
    )  # fmt: skip
    invitation = await Invitation.get_or_none(key_hash=key).select_related("organisation")
    if invitation is None:
        raise InvitationGone
    await invitation.accept(by=seen(town, act.who))
