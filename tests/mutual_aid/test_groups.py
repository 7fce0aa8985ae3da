"""Groups of helpers: opened, joined, left, handed over, closed."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from echange.http import NotAllowed, NotFound
from echange.http.viewer import Behalf
from echange.members import Organisation
from echange.mutual_aid import group_refusals, refusals
from echange.mutual_aid.groups import card_of, groups_of, helpers_of
from echange.mutual_aid.models import Helper, HelperGroup
from tests.members.organisations import Home
from tests.mutual_aid.groups import home as home
from tests.mutual_aid.groups import keeper as keeper
from tests.mutual_aid.groups import opened
from tests.mutual_aid.helps import Connection, somebody
from tests.mutual_aid.helps import told as published
from tests.mutual_aid.rotas import told
from tests.neighbours import Town

API = "/api/v1"


async def test_who_speaks_for_it_opens_a_group_with_one_of_its_people(
    orm: None, town: Town, home: Home
) -> None:
    group = await opened(town, home)
    assert await told("helper_group_yours") == [town["alice"]]
    assert await group.is_led_by(somebody(town, "alice"))
    assert await group.is_led_by(somebody(town, "redoute"))
    assert not await group.is_led_by(somebody(town, "bob"))
    with pytest.raises(group_refusals.NotOneOfUs):
        await opened(town, home, "bob", "Autre")
    with pytest.raises(group_refusals.NameTaken):
        await opened(town, home, name="montage")
    with pytest.raises(NotAllowed):
        await HelperGroup.create_for(
            await Organisation.get(id=home.id),
            by=somebody(town, "alice"),
            name="X",
            words="",
            coordinator_id=None,
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
    await opened(town, home, "redoute", "Buvette")
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
