"""Groups of helpers: opened, joined, left, handed over, closed; and helps that are for them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from echange.http import NotAllowed, NotFound
from echange.http.viewer import Behalf
from echange.members import Organisation
from echange.mutual_aid import Help, group_refusals, refusals
from echange.mutual_aid.groups import card_of, entrust, groups_for, groups_of, helpers_of
from echange.mutual_aid.models import Helper, HelperGroup, RotaSlot
from echange.mutual_aid.rota_queries import may_be_asked
from tests.conftest import Doors, let_in
from tests.members.organisations import Home, settle_redoute
from tests.mutual_aid.helps import Connection, asked, somebody
from tests.mutual_aid.helps import told as published
from tests.mutual_aid.rotas import shifts_of, told, weekly
from tests.neighbours import Town
from tests.sweeping import Janitor

API = "/api/v1"


@pytest.fixture
async def home(connection: Connection, town: Town) -> Home:
    """La Redoute, of which Alice is one of the people."""
    return await settle_redoute(connection, town, alice="member")


@pytest.fixture
async def keeper(
    app: Starlette, town: Town, janitor: Janitor, home: Home
) -> AsyncIterator[httpx.AsyncClient]:
    async with Doors(app).open() as somebody_:
        await let_in(somebody_, town["redoute"], janitor)
        yield somebody_


async def opened(town: Town, home: Home, coordinator: str = "alice") -> HelperGroup:
    return await HelperGroup.create_for(
        await Organisation.get(id=home.id),
        by=somebody(town, "redoute"),
        name="Montage",
        words="Chaque dimanche.",
        coordinator_id=town[coordinator],
    )


async def test_who_speaks_for_it_opens_a_group_with_one_of_its_people(
    orm: None, town: Town, home: Home
) -> None:
    group = await opened(town, home)
    assert await told("helper_group_yours") == [town["alice"]]
    assert await group.is_led_by(somebody(town, "alice"))
    assert await group.is_led_by(somebody(town, "redoute"))
    assert not await group.is_led_by(somebody(town, "bob"))
    with pytest.raises(group_refusals.NotOneOfUs):
        await opened_named(town, home, "Autre", "bob")
    with pytest.raises(group_refusals.NameTaken):
        await opened_named(town, home, "montage", "alice")
    with pytest.raises(NotAllowed):
        await HelperGroup.create_for(
            await Organisation.get(id=home.id),
            by=somebody(town, "alice"),
            name="X",
            words="",
            coordinator_id=None,
        )


async def opened_named(town: Town, home: Home, name: str, coordinator: str) -> None:
    await HelperGroup.create_for(
        await Organisation.get(id=home.id),
        by=somebody(town, "redoute"),
        name=name,
        words="",
        coordinator_id=town[coordinator],
    )


async def test_somebody_asks_is_taken_in_and_leaves(orm: None, town: Town, home: Home) -> None:
    group = await opened(town, home)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    await asyncio.gather(group.ask(by=bob), group.ask(by=bob))
    assert await told("helper_asks") == [town["alice"]]
    assert await Helper.filter(group_id=group.id).count() == 1
    with pytest.raises(NotAllowed):
        await group.accept(town["bob"], by=bob)
    await group.accept(town["bob"], by=alice)
    await group.accept(town["bob"], by=alice)
    assert await told("helper_accepted") == [town["bob"]]
    await group.leave(by=bob)
    await group.leave(by=bob)
    assert await told("helper_left") == [town["alice"]]
    with pytest.raises(NotFound):
        await group.accept(town["bob"], by=alice)
    with pytest.raises(group_refusals.LeadsIt):
        await group.ask(by=alice)


async def test_a_no_and_a_goodbye_are_told(orm: None, town: Town, home: Home) -> None:
    group = await opened(town, home)
    alice, bob, charlie = (somebody(town, one) for one in ("alice", "bob", "charlie"))
    await group.ask(by=bob)
    await group.remove(town["bob"], by=alice)
    await group.ask(by=charlie)
    await group.accept(town["charlie"], by=alice)
    await group.remove(town["charlie"], by=somebody(town, "redoute"))
    assert await told("helper_refused") == [town["bob"]]
    assert await told("helper_removed") == [town["charlie"]]
    with pytest.raises(NotAllowed):
        await group.remove(town["bob"], by=charlie)


async def test_a_blocked_neighbour_does_not_ask(
    orm: None, town: Town, home: Home, connection: Connection
) -> None:
    group = await opened(town, home)
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    with pytest.raises(NotFound):
        await group.ask(by=somebody(town, "bob"))


async def test_a_group_changes_hands_also_when_its_coordinator_goes(
    orm: None, town: Town, home: Home, connection: Connection
) -> None:
    group = await opened(town, home)
    await group.rewrite(by=somebody(town, "alice"), name="Montage", words="", coordinator_id=town["redoute"])
    assert (await HelperGroup.get(id=group.id)).coordinator_id == town["redoute"]
    await group.rewrite(by=somebody(town, "redoute"), name="Montage", words="", coordinator_id=town["alice"])
    await connection.execute("DELETE FROM membership WHERE member_id = $1", town["alice"])
    assert (await HelperGroup.get(id=group.id)).coordinator_id == town["redoute"]


async def test_a_group_closes_and_opens_again(orm: None, town: Town, home: Home) -> None:
    group = await opened(town, home)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    await group.ask(by=bob)
    await group.accept(town["bob"], by=alice)
    await group.close(by=alice)
    await group.close(by=alice)
    assert await told("helper_group_closed") == [town["bob"]]
    with pytest.raises(group_refusals.GroupClosed):
        await group.ask(by=somebody(town, "charlie"))
    assert not await HelperGroup.visible_to(somebody(town, "charlie")).filter(id=group.id)
    assert await HelperGroup.visible_to(bob).filter(id=group.id)
    await group.reopen(by=alice)
    await group.ask(by=somebody(town, "charlie"))


async def test_a_help_for_a_group_is_told_to_its_helpers_and_kept_by_its_coordinator(
    orm: None, town: Town, home: Home
) -> None:
    group = await opened(town, home)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    await group.ask(by=bob)
    await group.accept(town["bob"], by=alice)
    aid = await asked(town, "alice")
    with pytest.raises(NotAllowed):
        await entrust(aid, group.id, by=bob)
    other = await asked(town, "charlie")
    assert await groups_for(other, somebody(town, "charlie")) == []
    with pytest.raises(group_refusals.NotTheirGroup):
        await entrust(other, group.id, by=somebody(town, "charlie"))
    await entrust(aid, group.id, by=alice)
    await entrust(aid, group.id, by=alice)
    assert await told("help_for_group") == [town["bob"]]
    assert (await Help.get(id=aid.id)).group_id == group.id
    # Somebody else's help, entrusted before: its coordinator keeps the rota as well.
    await Help.filter(id=other.id).update(group_id=group.id)
    other = await Help.get(id=other.id)
    await RotaSlot.add(other, weekly(), by=alice)
    shift = (await shifts_of(other))[0]
    assert town["bob"] in await may_be_asked(other, shift.id)
    await shift.offer_to(town["bob"], by=alice)
    await shift.answer(by=bob, yes=True)
    assert sorted(await told("shift_taken")) == sorted([town["alice"], town["charlie"]])
    await group.close(by=alice)
    with pytest.raises(NotAllowed):
        await shift.cancel(by=alice, reason="Le groupe est fermé")
    await entrust(aid, None, by=alice)
    assert (await Help.get(id=aid.id)).group_id is None


async def test_names_are_for_the_group_alone(orm: None, town: Town, home: Home) -> None:
    group = await opened(town, home)
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await group.ask(by=bob)
    await group.ask(by=charlie)
    await group.accept(town["bob"], by=somebody(town, "alice"))
    assert [one.id for one in await helpers_of(group, bob, asking=False)] == [town["bob"]]
    asking = await helpers_of(group, somebody(town, "alice"), asking=True)
    assert {one.id for one in asking} == {town["bob"], town["charlie"]}


async def test_the_pages_walk(
    keeper: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    client: httpx.AsyncClient,
    home: Home,
    town: Town,
) -> None:
    groups = f"{home.url}/benevoles"
    assert "Aucun groupe" in (await client.get(groups)).text
    assert (await bob.get(f"{groups}/nouveau")).status_code == 403
    assert (await keeper.get(f"{groups}/nouveau")).status_code == 200
    wrong = await keeper.post(f"{groups}/nouveau", data={"name": "Montage", "coordinator": str(town["bob"])})
    assert wrong.status_code == 422
    assert 'id="e-coordinator"' in wrong.text
    assert 'value="Montage"' in wrong.text
    made = await keeper.post(f"{groups}/nouveau", data={"name": "Montage", "coordinator": str(town["alice"])})
    assert made.status_code == 303, made.text
    group = made.headers["location"]
    assert "Je voudrais aider" in (await bob.get(group)).text
    assert (await bob.post(f"{group}/demande")).status_code == 303
    assert "Demande envoyée" in (await bob.get(group)).text
    led = (await alice.get(group)).text
    assert "Voudraient aider" in led
    assert (await bob.post(f"{group}/accueil", data={"member": str(town["bob"])})).status_code == 403
    assert (await alice.post(f"{group}/accueil", data={"member": str(town["bob"])})).status_code == 303
    assert "Vous en êtes" in (await bob.get(group)).text
    for stranger in (client, charlie):
        seen = (await stranger.get(group)).text
        assert "1 bénévole" in seen
        assert ">Bob" not in seen
        assert "/membres/bob" not in seen
    assert "/membres/bob" in (await keeper.get(group)).text
    assert (await alice.get(f"{group}/modifier")).status_code == 200
    assert (await bob.get(f"{group}/modifier")).status_code == 403
    edited = await alice.post(
        f"{group}/modifier", data={"name": "Montage et démontage", "coordinator": str(town["alice"])}
    )
    assert edited.status_code == 303
    assert (await bob.post(f"{group}/depart")).status_code == 303
    await charlie.post(f"{group}/demande")
    ask = f"{group}/retrait?membre={town['charlie']}"
    assert f'href="{ask}"' in (await alice.get(group)).text
    assert "Dire non à Charlie" in (await alice.get(ask)).text
    assert (await bob.get(ask)).status_code == 403
    await alice.post(f"{group}/accueil", data={"member": str(town["charlie"])})
    assert "Retirer Charlie" in (await alice.get(ask)).text, "and a question changes nothing"
    assert "Vous en êtes" in (await charlie.get(group)).text
    for bad in (f"?membre={town['bob']}", "?membre=x", ""):
        assert (await alice.get(f"{group}/retrait{bad}")).status_code == 404, bad
    assert (await alice.post(f"{group}/retrait", data={"member": str(town["charlie"])})).status_code == 303
    assert (await alice.post(f"{group}/fermeture")).status_code == 303
    assert (await bob.get(group)).status_code == 404
    assert "Rouvrir le groupe" in (await alice.get(group)).text
    assert (await alice.post(f"{group}/reouverture")).status_code == 303
    assert (await bob.get("/associations/nulle-part/benevoles")).status_code == 404
    assert (await bob.get(f"{groups}/987654")).status_code == 404


async def test_a_help_is_entrusted_on_its_rota(
    keeper: httpx.AsyncClient, alice: httpx.AsyncClient, home: Home, town: Town
) -> None:
    group = await opened(town, home)
    help_id = await published(alice)
    assert "Montage" in (await alice.get(f"/entraide/{help_id}/planning")).text
    chosen = await alice.post(f"/entraide/{help_id}/groupe", data={"group": str(group.id)})
    assert chosen.status_code == 303
    assert (await Help.get(id=help_id)).group_id == group.id
    assert (await keeper.post(f"/entraide/{help_id}/groupe", data={})).status_code == 403


FORM = {"title": "Monter les tables", "minutes": "2 h", "quartier": "les-larris"}


async def test_a_help_is_asked_for_a_group_at_once_and_may_change_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, home: Home, town: Town
) -> None:
    group = await opened(town, home)
    choice = f'<option value="{group.id}">Montage</option>'
    assert choice in (await alice.get("/entraide/demander")).text
    assert choice not in (await alice.get("/entraide/proposer")).text, "an offer is one neighbour's"
    assert 'name="group"' not in (await bob.get("/entraide/demander")).text
    made = await alice.post("/entraide/demander", data={**FORM, "group": str(group.id)})
    url = made.headers["location"]
    aid = await Help.get(id=int(url.rpartition("/")[2]))
    assert aid.group_id == group.id
    assert f'value="{group.id}" selected' in (await alice.get(f"{url}/modifier")).text
    assert (await alice.post(f"{url}/modifier", data=FORM)).status_code == 303
    assert (await Help.get(id=aid.id)).group_id == group.id, "a form without the field leaves it"
    assert (await alice.post(f"{url}/modifier", data={**FORM, "group": ""})).status_code == 303
    assert (await Help.get(id=aid.id)).group_id is None


async def test_a_help_for_a_group_that_is_not_theirs_is_refused_whole(
    bob: httpx.AsyncClient, home: Home, town: Town
) -> None:
    group = await opened(town, home)
    refused = await bob.post("/entraide/demander", data={**FORM, "group": str(group.id)})
    assert refused.status_code == 422
    assert "Choisissez un groupe que vous coordonnez" in refused.text
    assert "Monter les tables" in refused.text
    assert await Help.filter(person_id=town["bob"]).count() == 0


async def test_a_group_stays_chosen_for_who_could_not_choose_it(
    charlie: httpx.AsyncClient, home: Home, town: Town
) -> None:
    group = await opened(town, home)
    help_id = await published(charlie)
    await Help.filter(id=help_id).update(group_id=group.id)
    for path in ("modifier", "planning"):
        assert f'value="{group.id}" selected' in (await charlie.get(f"/entraide/{help_id}/{path}")).text
    same = await charlie.post(f"/entraide/{help_id}/modifier", data={**FORM, "group": str(group.id)})
    assert same.status_code == 303
    assert (await Help.get(id=help_id)).group_id == group.id


async def test_the_same_in_json(
    keeper: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    client: httpx.AsyncClient,
    home: Home,
    town: Town,
) -> None:
    listed = f"{API}/organisations/{home.id}/helper-groups"
    body = {"name": "Montage", "words": "Le dimanche", "coordinator": town["alice"]}
    assert (await bob.post(listed, json=body)).status_code == 403
    made = await keeper.post(listed, json=body)
    assert made.status_code == 201, made.text
    place = f"{API}/helper-groups/{made.json()['id']}"
    again = await keeper.post(listed, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    assert [one["name"] for one in (await client.get(listed)).json()["items"]] == ["Montage"]
    assert (await bob.get(f"{place}/members")).status_code == 403
    joined = await bob.post(f"{place}/members", json={})
    assert (joined.status_code, joined.json()["mine"], joined.json()["people"]) == (201, "asking", 0)
    assert (await bob.post(f"{place}/members", json={"member": town["bob"]})).status_code == 403
    accepted = await alice.post(f"{place}/members", json={"member": town["bob"]})
    assert (accepted.status_code, accepted.json()["people"]) == (201, 1)
    people = (await bob.get(f"{place}/members")).json()["items"]
    assert [(one["id"], one["accepted"]) for one in people] == [(town["bob"], True)]
    assert (await alice.patch(place, json={"words": "Le samedi"})).json()["words"] == "Le samedi"
    assert (await bob.patch(place, json={"words": "Jamais"})).status_code == 403
    assert (await bob.delete(f"{place}/members")).status_code == 204
    assert (await alice.delete(f"{place}/members/{town['bob']}")).status_code == 204
    help_id = await published(alice)
    entrusted = await alice.put(f"{API}/helps/{help_id}/group", json={"group": made.json()["id"]})
    assert entrusted.json() == {"group": made.json()["id"]}
    assert (await alice.post(f"{place}/closure")).json()["closed"] is True
    assert (await bob.get(place)).status_code == 404
    assert (await alice.delete(f"{place}/closure")).status_code == 204
    assert (await client.get(f"{API}/helper-groups/987654")).status_code == 404


async def test_somebody_under_age_asks_with_a_guardian_at_the_desk(
    orm: None, town: Town, home: Home, connection: Connection
) -> None:
    group = await opened(town, home)
    await connection.execute("UPDATE member SET minor_until = '2100-01-01' WHERE id = $1", town["bob"])
    with pytest.raises(refusals.GuardianNeeded):
        await group.ask(by=somebody(town, "bob"))
    mandate = await connection.fetchval(
        """INSERT INTO mandate (scopes, days, consent, ends_at, agreed_at, person_id, made_by_id)
           VALUES ('{help}', 31, 'signed', now() + interval '31 days', now(), $1, $2) RETURNING id""",
        town["bob"],
        town["concierge"],
    )
    behalf = Behalf(town["bob"], "Bob", mandate, frozenset({"help"}))
    await group.ask(by=replace(somebody(town, "concierge", "concierge"), behalf=behalf))
    rows = await connection.fetch("SELECT what, data::text FROM mandate_act ORDER BY id")
    assert [tuple(row) for row in rows] == [("guardian_agreed", "{}"), ("group_asked", "{}")]


async def test_a_list_of_groups_says_of_each_what_its_own_page_does(
    orm: None, town: Town, home: Home, connection: Connection
) -> None:
    first = await opened(town, home)
    await opened_named(town, home, "Buvette", "redoute")
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await first.ask(by=bob)
    await first.ask(by=charlie)
    await first.accept(town["bob"], by=somebody(town, "alice"))
    told = {
        "alice": [("Buvette", 0, 0, "", False), ("Montage", 1, 1, "coordinator", True)],
        "redoute": [("Buvette", 0, 0, "coordinator", True), ("Montage", 1, 1, "", True)],
        "bob": [("Buvette", 0, 0, "", False), ("Montage", 1, 0, "helper", False)],
        "charlie": [("Buvette", 0, 0, "", False), ("Montage", 1, 0, "asking", False)],
        "": [("Buvette", 0, 0, "", False), ("Montage", 1, 0, "", False)],
    }
    for handle, lines in told.items():
        viewer = somebody(town, handle) if handle else None
        cards = await groups_of(home.id, home.slug, viewer)
        assert [(one.name, one.people, one.waiting, one.mine, one.leads) for one in cards] == lines, handle
        one = await card_of(await HelperGroup.get(id=first.id), home.slug, viewer)
        assert one == cards[1]
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    assert [one.people for one in await groups_of(home.id, home.slug, None)] == [0, 0]
