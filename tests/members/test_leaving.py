"""Away for a while, or for good: said first, undone for fourteen days, then done."""

import asyncio
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.demo.neighbours import PASSWORD
from echange.media import Store
from echange.members import StaffAct, issue_token
from echange.members.account import leaving
from echange.members.by_command import OnTheirWayOut
from echange.members.models import Member
from echange.members.models.membership import LastOwner
from echange.members.privacy import MembersBelongings
from tests.conftest import Doors, sign_in
from tests.members.mailbox import letters_to, path_in
from tests.members.newcomers import plain, viewer_id
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
HOME = "http://127.0.0.1:8000"


async def test_a_pause_hides_and_ends_by_one_click(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    assert "Me mettre en pause" in (await alice.get("/moi/pause")).text
    assert (await alice.post("/moi/pause")).headers["location"] == "/moi"
    assert "Vous êtes en pause" in (await alice.get("/moi")).text
    assert (await bob.get("/membres/alice")).status_code == 404
    assert (await alice.get("/membres/alice")).status_code == 200, "oneself stays visible to oneself"

    assert (await alice.post("/moi/pause/fin")).status_code == 303
    assert (await bob.get("/membres/alice")).status_code == 200


async def test_a_pause_takes_the_way_to_write_and_gives_it_back_on_the_spot(alice: httpx.AsyncClient) -> None:
    await alice.post("/moi/pause")
    paused = (await alice.get("/membres/bob")).text
    assert "Vous êtes en pause" in paused
    assert 'action="/messages/nouveau"' not in paused

    back = await alice.post("/moi/pause/fin", data={"suite": "/membres/bob"})
    assert back.headers["location"] == "/membres/bob"
    assert 'action="/messages/nouveau"' in (await alice.get("/membres/bob")).text

    away = await alice.post("/moi/pause/fin", data={"suite": "https://ailleurs.example/"})
    assert away.headers["location"] == "/moi", "only home"


async def test_a_pause_by_the_api_counts_once(alice: httpx.AsyncClient, connection: Connection) -> None:
    assert (await alice.put("/api/v1/me/pause")).status_code == 204
    since = await connection.fetchval("SELECT paused_at FROM member WHERE handle = 'alice'")
    assert (await alice.put("/api/v1/me/pause")).status_code == 204
    assert await connection.fetchval("SELECT paused_at FROM member WHERE handle = 'alice'") == since
    assert (await alice.delete("/api/v1/me/pause")).status_code == 204
    assert await connection.fetchval("SELECT paused_at FROM member WHERE handle = 'alice'") is None


async def test_a_departure_says_first_what_becomes_of_everything(alice: httpx.AsyncClient) -> None:
    page = plain((await alice.get("/moi/depart")).text)
    assert "Votre profil, votre photo et vos savoir-faire sont effacés" in page
    assert "on lira « Ancien membre »" in page


async def test_leaving_needs_the_password_and_ends_every_session(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings, town: Town, connection: Connection
) -> None:
    refused = await alice.post("/moi/depart", data={"current": "pas le bon"})
    assert refused.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel." in refused.text
    async with Doors(app).open() as elsewhere:
        await sign_in(elsewhere, "alice")

        answer = await alice.post("/moi/depart", data={"current": PASSWORD})

        assert answer.headers["location"] == "/"
        assert [await viewer_id(one) for one in (alice, elsewhere)] == [None, None]
    letter = (await letters_to(settings, "alice@echange.example"))[0]
    assert letter["subject"] == "Votre départ d’échange est prévu"
    assert await connection.fetchval("SELECT away FROM member WHERE handle = 'alice'")


async def test_who_is_leaving_only_reads_and_may_stay(
    alice: httpx.AsyncClient, app: Starlette, town: Town
) -> None:
    await alice.post("/moi/depart", data={"current": PASSWORD})
    again = await alice.post("/connexion", data={"email": "alice@echange.example", "password": PASSWORD})
    assert again.headers["location"] == "/moi/depart"
    assert "Votre départ est prévu le" in (await alice.get("/moi/depart")).text

    refused = await alice.post("/moi/profil", data={"name": "Alice"})
    assert (refused.status_code, refused.headers["location"]) == (303, "/moi/depart")
    problem = await alice.put("/api/v1/me/pause")
    assert (problem.status_code, problem.json()["code"]) == (409, "leaving")
    assert (await alice.get("/annonces")).status_code == 200

    assert (await alice.post("/moi/depart/annulation")).headers["location"] == "/moi"
    assert (await alice.put("/api/v1/me/pause")).status_code == 204


async def test_the_mailed_link_undoes_a_departure_once(
    alice: httpx.AsyncClient, app: Starlette, settings: Settings, connection: Connection
) -> None:
    await alice.post("/moi/depart", data={"current": PASSWORD})
    link = path_in((await letters_to(settings, "alice@echange.example"))[0], "/depart/")
    assert "Rester" in (await alice.get(link)).text
    assert await connection.fetchval("SELECT leaving_at FROM member WHERE handle = 'alice'"), (
        "a GET does nothing"
    )

    assert (await alice.post(link)).headers["location"] == "/connexion"
    assert await connection.fetchval("SELECT leaving_at FROM member WHERE handle = 'alice'") is None
    assert (await alice.post(link)).status_code == 404


async def test_programs_do_not_act_for_who_is_leaving(orm: None, town: Town, connection: Connection) -> None:
    from echange.members import load_viewer

    token = await issue_token("alice@echange.example")
    await leaving.leave(await Member.get(id=town["alice"]), home=HOME)
    assert await load_viewer(None, token) is None
    with pytest.raises(OnTheirWayOut):
        await issue_token("alice@echange.example")
    await leaving.stay(town["alice"])
    assert await load_viewer(None, token) is not None


async def test_the_last_owner_is_shown_a_way_out(app: Starlette, town: Town) -> None:
    async with Doors(app).open() as keeper:
        await sign_in(keeper, "redoute")
        await _found(keeper)
        page = await keeper.get("/moi/depart")
        assert "Une organisation a besoin de vous" in page.text
        refused = await keeper.post("/moi/depart", data={"current": PASSWORD})
        assert refused.status_code == 422
        assert await viewer_id(keeper) == town["redoute"]


async def _found(keeper: httpx.AsyncClient) -> None:
    answer = await keeper.post(
        "/associations/nouvelle", data={"kind": "association", "name": "Les Amis du four"}
    )
    assert answer.status_code == 303, answer.text


async def test_of_two_owners_leaving_at_once_one_stays(orm: None, town: Town, connection: Connection) -> None:
    one = await connection.fetchval(
        """INSERT INTO organisation (slug, name, sort_key, about)
           VALUES ('four', 'Four', 'four', '') RETURNING id"""
    )
    for handle in ("alice", "bob"):
        await connection.execute(
            "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, 'owner')",
            one,
            town[handle],
        )
    people = [await Member.get(id=town[handle]) for handle in ("alice", "bob")]
    done = await asyncio.gather(*(leaving.leave(each, home=HOME) for each in people), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["LastOwner", "NoneType"]
    assert LastOwner in map(type, done)


async def test_the_staff_leaves_its_role_first(app: Starlette, town: Town) -> None:
    async with Doors(app).open() as nadia:
        await sign_in(nadia, "concierge")
        assert "Vous faites partie de l’équipe" in (await nadia.get("/moi/depart")).text
        assert (await nadia.post("/moi/depart", data={"current": PASSWORD})).status_code == 422


async def test_an_account_is_erased_after_fourteen_days_and_not_before(
    orm: None, town: Town, connection: Connection, settings: Settings
) -> None:
    store, rooms = Store(settings.data_dir / "media"), (MembersBelongings(),)
    alice = await Member.get(id=town["alice"])
    await StaffAct.note("verified", "member", alice.id, by=town["concierge"])
    await leaving.leave(alice, home=HOME)
    await connection.execute(
        "UPDATE member SET leaving_at = now() - interval '13 days' WHERE id = $1", alice.id
    )
    await leaving.erase_due(rooms, store)
    assert (await Member.get(id=alice.id)).left_at is None

    await connection.execute(
        "UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = $1", alice.id
    )
    await leaving.erase_due(rooms, store)

    gone = await Member.get(id=alice.id)
    assert (gone.name, gone.handle, gone.email) == ("Ancien membre", f"parti-{alice.id}", "")
    assert gone.left_at is not None
    assert (gone.confirmed_at, gone.password_hash, gone.quartier_id) == (None, None, None)
    for table in ("session", "member_skill", "mail_key", "notice", "personal_token"):
        assert await connection.fetchval(f"SELECT count(*) FROM {table} WHERE member_id = $1", alice.id) == 0
    assert await Member.with_email("alice@echange.example") is None
    assert await Member.with_email("") is None
    assert "lice" not in str(await connection.fetch("SELECT * FROM member WHERE id = $1", alice.id))
    await leaving.stay(alice.id)
    assert (await Member.get(id=alice.id)).leaving_at is not None, "nothing comes back"


async def test_a_namesake_of_the_erased_holds_nobody_up(
    orm: None, town: Town, connection: Connection, settings: Settings
) -> None:
    await connection.execute(
        "UPDATE member SET handle = $1 WHERE id = $2", f"parti-{town['alice']}", town["bob"]
    )
    await connection.execute(
        "UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = ANY($1)",
        [town["alice"], town["charlie"]],
    )
    await leaving.erase_due((MembersBelongings(),), Store(settings.data_dir / "media"))
    gone = await Member.filter(left_at__isnull=False).order_by("id")
    assert [one.id for one in gone] == sorted([town["alice"], town["charlie"]])
    assert gone[0].handle.startswith(f"parti-{town['alice']}-")


async def test_one_account_that_cannot_go_does_not_hold_the_others_up(
    orm: None, town: Town, connection: Connection, settings: Settings
) -> None:
    class Stuck(MembersBelongings):
        async def forget(self, member_id: int, store: Store) -> None:
            if member_id == town["alice"]:
                raise OSError
            await super().forget(member_id, store)

    await connection.execute(
        "UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = ANY($1)",
        [town["alice"], town["bob"]],
    )
    await leaving.erase_due((Stuck(),), Store(settings.data_dir / "media"))
    assert (await Member.get(id=town["alice"])).left_at is None
    assert (await Member.get(id=town["bob"])).left_at is not None


async def test_every_room_has_its_part_in_a_departure(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, connection: Connection
) -> None:
    talk = await bob.post("/messages/nouveau", data={"membre": str(town["alice"])})
    assert talk.status_code == 303
    page = plain((await alice.get("/moi/depart")).text)
    assert page.count('<ul class="facts">') == 1
    await alice.post("/moi/depart", data={"current": PASSWORD})
    await connection.execute(
        "UPDATE member SET leaving_at = now() - interval '15 days' WHERE id = $1", town["alice"]
    )

    await leaving.erase_due(app.state.belongings, app.state.store)

    assert await connection.fetchval("SELECT left_at FROM member WHERE id = $1", town["alice"])
    for path in (talk.headers["location"], "/messages", "/experts", "/annonces"):
        seen = await bob.get(path)
        assert seen.status_code == 200
        assert "Alice Morel" not in seen.text
