"""Who is in the staff: given and taken back, noted and told, never without an admin."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.members import grant_role, revoke_role, team
from echange.members.account import roles
from echange.members.by_command import NobodyThere
from tests.conftest import Doors, neighbour, sign_in
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


admin = neighbour("admin")


async def test_a_role_is_given_after_a_question_and_told(
    admin: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    url = f"/administration/membres/{town['bob']}/roles/moderator"
    assert "Donner à Bob Traoré" in (await admin.get(url)).text
    assert (await bob.get("/administration")).status_code == 403, "a GET gives nothing"

    assert (await admin.post(url)).headers["location"] == "/administration/equipe"

    assert "Modération" in (await bob.get("/administration")).text
    assert "Bob Traoré" in (await admin.get("/administration/equipe")).text
    assert "faites maintenant partie de l’équipe" in (await bob.get("/avis")).text
    journal = (await admin.get("/administration/journal")).text
    assert "Rôle donné" in journal
    assert "Bernard Lemoine" in journal
    await admin.post(url)
    assert await connection.fetchval("SELECT count(*) FROM staff_act") == 1, "given twice is given once"


async def test_a_role_is_taken_back_at_once(admin: httpx.AsyncClient, app: Starlette, town: Town) -> None:
    async with Doors(app).open() as nadia:
        await sign_in(nadia, "concierge")
        assert (await nadia.get("/administration/membres")).status_code == 200
        url = f"/administration/membres/{town['concierge']}/roles/concierge/retrait"
        assert "Retirer à Nadia Petit" in (await admin.get(url)).text
        await admin.post(url)
        assert (await nadia.get("/administration/membres")).status_code == 403
        assert "avez plus ce rôle" in (await nadia.get("/avis")).text
        assert (await admin.get(url)).status_code == 404, "nothing left to take"


async def test_the_last_admin_stays(admin: httpx.AsyncClient, town: Town, connection: Connection) -> None:
    answer = await admin.post(f"/administration/membres/{town['admin']}/roles/admin/retrait")
    assert answer.status_code == 422
    assert "Il faut toujours quelqu’un" in answer.text
    assert await connection.fetchval("SELECT count(*) FROM staff_role WHERE role = 'admin'") == 1


async def test_of_two_admins_who_remove_each_other_at_once_one_stays(
    orm: None, town: Town, connection: Connection
) -> None:
    await roles.grant(town["bob"], "admin", by=None)
    done = await asyncio.gather(
        roles.revoke(town["bob"], "admin", by=town["admin"]),
        roles.revoke(town["admin"], "admin", by=town["bob"]),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["LastAdmin", "NoneType"]
    assert await connection.fetchval("SELECT count(*) FROM staff_role WHERE role = 'admin'") == 1


async def test_roles_from_the_command_line(orm: None, town: Town, connection: Connection) -> None:
    assert await grant_role("BOB@echange.example", "organiser") == "Bob Traoré"
    assert ("Bob Traoré", ["organiser"]) in [(one.name, one.roles) for one in await team()]
    assert await revoke_role("bob@echange.example", "organiser") == "Bob Traoré"
    acts = await connection.fetch("SELECT what, by_id FROM staff_act ORDER BY id")
    assert [tuple(act) for act in acts] == [("role_granted", None), ("role_revoked", None)]
    with pytest.raises(NobodyThere):
        await grant_role("zelda@echange.example", "admin")
    with pytest.raises(roles.LastAdmin):
        await revoke_role("admin@echange.example", "admin")


@pytest.mark.parametrize("state", ["confirmed_at = NULL", "leaving_at = now()"])
async def test_whose_address_is_not_proved_or_who_is_leaving_gets_no_role(
    orm: None, town: Town, connection: Connection, state: str
) -> None:
    await connection.execute(f"UPDATE member SET {state} WHERE handle = 'bob'")
    with pytest.raises(roles.NotOfTheStaffYet):
        await grant_role("bob@echange.example", "admin")


async def test_an_unknown_role_is_no_page(admin: httpx.AsyncClient, town: Town) -> None:
    for path in ("roi", "roi/retrait"):
        url = f"/administration/membres/{town['bob']}/roles/{path}"
        assert (await admin.get(url)).status_code == 404
        assert (await admin.post(url)).status_code == 404


async def test_the_journal_goes_on_by_pages(
    admin: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    await connection.execute(
        """INSERT INTO staff_act (what, about_kind, about_id, data, by_id)
           SELECT 'something_new', 'ad', n, '{"reason": "essai"}', $1 FROM generate_series(1, 60) n""",
        town["admin"],
    )
    first = (await admin.get("/administration/journal")).text
    assert first.count("something new") == 50
    following = first.split('rel="next" href="')[1].split('"')[0]
    assert (await admin.get(following)).text.count("something new") == 10


async def test_only_an_admin_names_the_staff(app: Starlette, alice: httpx.AsyncClient, town: Town) -> None:
    async with Doors(app).open() as nadia:
        await sign_in(nadia, "concierge")
        for client in (alice, nadia):
            for path in ("/administration/equipe", "/administration/journal"):
                assert (await client.get(path)).status_code == 403
            url = f"/administration/membres/{town['alice']}/roles/admin"
            assert (await client.post(url)).status_code == 403
        assert "/administration/equipe" not in (await nadia.get("/administration")).text


async def test_the_staff_finds_its_pages_from_everywhere(
    admin: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    for path in ("/annonces", "/moi"):
        assert 'href="/administration"' in (await admin.get(path)).text
        assert 'href="/administration"' not in (await alice.get(path)).text
