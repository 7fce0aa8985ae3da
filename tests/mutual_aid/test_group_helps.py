"""Helps that are for a group of helpers: asked at once or entrusted later, kept by its coordinator."""

import httpx
import pytest

from echange.http import NotAllowed
from echange.mutual_aid import Help, group_refusals
from echange.mutual_aid.groups import entrust, groups_for
from echange.mutual_aid.models import RotaSlot
from echange.mutual_aid.rota_queries import may_be_asked
from tests.members.organisations import Home
from tests.mutual_aid.groups import home as home
from tests.mutual_aid.groups import keeper as keeper
from tests.mutual_aid.groups import opened
from tests.mutual_aid.helps import asked, somebody
from tests.mutual_aid.helps import told as published
from tests.mutual_aid.rotas import shifts_of, told, weekly
from tests.neighbours import Town

FORM = {"title": "Monter les tables", "minutes": "2 h", "quartier": "les-larris"}


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
