"""Who is what in an organisation; somebody always answers for it."""

import asyncio

import httpx
import pytest

from echange.http import NotAllowed, NotFound
from echange.members.models import Membership
from echange.members.models.membership import LastOwner
from echange.members.organisations import privacy
from tests.members.organisations import Connection, Home, role_of, seen, settle_redoute
from tests.neighbours import Town


async def test_owners_give_roles_and_others_do_not(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="manager", bob="member")
    of_bob = f"{home.url}/personnes/{town['bob']}"
    for request in (alice.get(f"{home.url}/personnes"), alice.post(of_bob, data={"role": "owner"})):
        assert (await request).status_code == 403
    assert (
        await alice.put(f"/api/v1/organisations/{home.id}/people/{town['bob']}", json={"role": "owner"})
    ).status_code == 403
    assert "Bob" in (await keeper.get(f"{home.url}/personnes")).text
    assert (await keeper.get(of_bob)).status_code == 200
    assert (await keeper.post(of_bob, data={"role": "boss"})).status_code == 422
    assert (await keeper.post(of_bob, data={"role": "manager"})).status_code == 303
    assert await role_of(connection, home, town["bob"]) == "manager"
    notice = await connection.fetchrow("SELECT member_id, kind, data FROM notice")
    assert notice is not None
    assert (notice["member_id"], notice["kind"]) == (town["bob"], "organisation_role")


@pytest.mark.parametrize("role", ["manager", "member"])
async def test_nobody_gives_themselves_a_role(
    role: str, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob=role)
    answer = await bob.put(f"/api/v1/organisations/{home.id}/people/{town['bob']}", json={"role": "owner"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    answer = await bob.post(f"{home.url}/personnes/{town['bob']}", data={"role": "owner"})
    assert answer.status_code == 403
    assert await role_of(connection, home, town["bob"]) == role


async def test_nobody_else_learns_who_is_quietly_in(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="member")
    await connection.execute("UPDATE membership SET shown = false WHERE member_id = $1", town["bob"])
    for handle in ("bob", "charlie"):
        path = f"/api/v1/organisations/{home.id}/people/{town[handle]}"
        assert (await alice.delete(path)).status_code == 403
        assert (await alice.put(path, json={"role": "member"})).status_code == 403
        assert (await alice.get(f"{home.url}/personnes/{town[handle]}")).status_code == 403


async def test_somebody_removed_is_told_and_loses_the_hat(
    keeper: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="manager")
    await bob.post("/moi/casquette", data={"organisation": home.id})
    await keeper.post(f"{home.url}/personnes/{town['bob']}/retrait")
    assert await role_of(connection, home, town["bob"]) is None
    assert await connection.fetchval("SELECT count(*) FROM session WHERE acting_for_id IS NOT NULL") == 0
    assert "Vous ne faites plus partie" in (await bob.get("/avis")).text
    assert (await keeper.post(f"{home.url}/personnes/{town['bob']}/retrait")).status_code == 404


async def test_the_last_owner_stays_and_is_told_the_way_out(
    keeper: httpx.AsyncClient, connection: Connection, redoute: Home, town: Town
) -> None:
    answer = await keeper.post(f"{redoute.url}/depart")
    assert answer.status_code == 422
    assert "Il faut toujours un responsable" in answer.text
    assert f"{redoute.url}/personnes" in answer.text
    answer = await keeper.post(f"{redoute.url}/personnes/{town['redoute']}", data={"role": "member"})
    assert answer.status_code == 422
    answer = await keeper.delete(f"/api/v1/organisations/{redoute.id}/people/{town['redoute']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert await role_of(connection, redoute, town["redoute"]) == "owner"


async def test_one_leaves_when_another_owner_stays(
    keeper: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="owner")
    assert (await keeper.get(f"{home.url}/depart")).status_code == 200
    assert (await keeper.post(f"{home.url}/depart")).headers["location"] == "/moi/associations"
    assert await role_of(connection, home, town["redoute"]) is None
    assert (await keeper.get(f"{home.url}/depart")).status_code == 404


@pytest.mark.parametrize("how", ["leave", "demote"])
async def test_of_two_owners_going_at_once_one_stays(
    orm: None, connection: Connection, town: Town, how: str
) -> None:
    home = await settle_redoute(connection, town, alice="owner")

    async def go(handle: str) -> None:
        part = await Membership.of(home.id, town[handle])
        await (
            part.end(by=seen(town, handle))
            if how == "leave"
            else part.become("member", by=seen(town, handle))
        )

    outcomes = await asyncio.gather(go("alice"), go("redoute"), return_exceptions=True)
    assert sorted(str(type(one)) for one in outcomes) == sorted([str(LastOwner), str(type(None))])
    owners = await connection.fetchval("SELECT count(*) FROM membership WHERE role = 'owner'")
    assert owners == 1


async def test_the_database_itself_keeps_one_owner(connection: Connection, redoute: Home) -> None:
    with pytest.raises(Exception, match="the last owner stays"):
        await connection.execute("UPDATE membership SET role = 'member'")
    await connection.execute("UPDATE organisation SET closed_at = now()")
    await connection.execute("DELETE FROM membership")


async def test_an_admin_names_an_owner_where_the_only_one_is_gone(
    orm: None, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, bob="member")
    part = await Membership.of(home.id, town["bob"])
    with pytest.raises(NotAllowed):
        await part.become("owner", by=seen(town, "concierge", "concierge"))
    await part.become("owner", by=seen(town, "admin", "admin"))
    assert await connection.fetchval("SELECT what FROM staff_act") == "organisation_role"
    with pytest.raises(NotFound):
        await Membership.of(home.id, town["alice"])


async def test_leaving_echange_is_refused_to_a_last_owner_and_forgets_others(
    orm: None, connection: Connection, town: Town
) -> None:
    home = await settle_redoute(connection, town, alice="owner", bob="member")
    assert await privacy.kept_alone(town["alice"]) == []
    assert "Les Fêtes de la Redoute" in (await privacy.told(town["alice"]))[0]
    await connection.execute("UPDATE member SET leaving_at = now() WHERE handle = 'redoute'")
    assert await privacy.kept_alone(town["alice"]) == [("Les Fêtes de la Redoute", home.url)]
    with pytest.raises(LastOwner):
        await privacy.check_may_leave(town["alice"])
    await privacy.forget(town["bob"])
    await privacy.forget(town["alice"])
    assert await connection.fetchval("SELECT closed_at FROM organisation") is None
    await privacy.forget(town["redoute"])
    assert await connection.fetchval("SELECT closed_at FROM organisation") is not None
    assert await connection.fetchval("SELECT count(*) FROM membership") == 0
