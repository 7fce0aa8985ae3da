"""A help with a rota: one signs up for its days; whoever coordinates its helpers may correct it."""

import httpx
import pytest

from echange.exchanges import Exchange
from echange.mutual_aid import Help, refusals
from echange.mutual_aid.models import RotaSlot
from echange.mutual_aid.proposing import roles_left
from echange.mutual_aid.rota_closing import close_over
from tests.members.organisations import settle_redoute
from tests.mutual_aid.helps import Connection, asked, somebody
from tests.mutual_aid.helps import told as published
from tests.mutual_aid.rotas import crowd, is_over, on_rota, shifts_of, weekly
from tests.neighbours import Town


async def test_what_was_proposed_before_the_rota_is_another_exchange(orm: None, town: Town) -> None:
    aid = await asked(town)
    bob = somebody(town, "bob")
    await aid.answer(by=bob, words="Je viens volontiers.", minutes=30)
    await RotaSlot.add(aid, weekly(), by=somebody(town, "alice"))
    shift = (await shifts_of(aid))[0]
    await shift.come(by=bob)
    await is_over(shift)
    await close_over()
    told = [(one.state, one.minutes) for one in await Exchange.all().order_by("id")]
    assert told == [("proposed", 30), ("accepted", 60)]


async def test_one_signs_up_for_a_day_instead_of_proposing(orm: None, town: Town) -> None:
    aid, slot, _shifts = await on_rota(town)
    bob = somebody(town, "bob")
    with pytest.raises(refusals.OnRota):
        await (await Help.get(id=aid.id)).answer(by=bob, words="Je viens volontiers.")
    await slot.remove(by=somebody(town, "alice"))
    await (await Help.get(id=aid.id)).answer(by=bob, words="Je viens volontiers.")


async def test_the_page_of_a_help_leads_to_its_rota(bob: httpx.AsyncClient, town: Town) -> None:
    aid, _slot, _shifts = await on_rota(town)
    page = (await bob.get(f"/entraide/{aid.id}")).text
    assert f"/entraide/{aid.id}/planning" in page
    assert f"/entraide/{aid.id}/propositions" not in page


async def test_the_coordinator_of_its_helpers_corrects_a_help(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    charlie: httpx.AsyncClient,
    town: Town,
    connection: Connection,
) -> None:
    home = await settle_redoute(connection, town, alice="member")
    help_id = await published(charlie)
    await connection.execute(
        """WITH it AS (INSERT INTO helper_group (name, organisation_id, coordinator_id)
                       VALUES ('Montage', $1, $2) RETURNING id)
           UPDATE help SET group_id = (SELECT id FROM it) WHERE id = $3""",
        home.id,
        town["alice"],
        help_id,
    )
    assert (await alice.patch(f"/api/v1/helps/{help_id}", json={"title": "Autre"})).status_code == 200
    assert (await bob.patch(f"/api/v1/helps/{help_id}", json={"title": "Autre"})).status_code == 403
    await connection.execute("UPDATE helper_group SET closed_at = now()")
    assert (await alice.patch(f"/api/v1/helps/{help_id}", json={"title": "Encore"})).status_code == 403


async def test_without_its_rota_a_help_counts_its_helpers_again(
    orm: None, town: Town, bob: httpx.AsyncClient
) -> None:
    aid = await asked(town, people=2)
    alice, crowded = somebody(town, "alice"), await crowd(3)
    before = await aid.answer(by=somebody(town, "bob"), words="Je viens volontiers.")
    await before.accept(by=alice)
    slot = await RotaSlot.add(aid, weekly(people=3), by=alice)
    past, kept = (await shifts_of(aid))[:2]
    for one in crowded:
        await past.come(by=one)
        await kept.come(by=one)
    await is_over(past)
    await slot.remove(by=alice, coming="keep")
    await close_over()
    assert await Exchange.filter(state="accepted").count() == 4, "nobody's hours are lost with the rota"
    fresh = await Help.get(id=aid.id)
    assert (fresh.taken, fresh.state) == (1, "open")
    page = (await bob.get(f"/entraide/{aid.id}")).text
    assert f"/entraide/{aid.id}/planning" not in page
    second = await fresh.answer(by=somebody(town, "charlie"), words="Moi aussi.")
    await second.accept(by=alice)
    assert (await Help.get(id=aid.id)).state == "full"
    await (await Exchange.get(giver_id=crowded[0].id)).cancel(by=alice)
    await is_over(kept)
    await close_over()
    assert await Exchange.filter(about_id=aid.id).count() == 8
    assert (await Help.get(id=aid.id)).taken == 2, "its shifts have places of their own"
    await before.cancel(by=alice)
    assert (await Help.get(id=aid.id)).taken == 1


async def test_a_role_of_the_rota_takes_no_place_of_the_same_role_beside_it(orm: None, town: Town) -> None:
    aid = await asked(town, people=2, roles=(("Conduire", 1),))
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    slot = await RotaSlot.add(aid, weekly(role="Conduire"), by=alice)
    shift = (await shifts_of(aid))[0]
    await shift.come(by=bob)
    await is_over(shift)
    await close_over()
    await slot.remove(by=alice)
    assert await roles_left([aid.id, 987654]) == {aid.id: {"Conduire": 1}, 987654: {}}
    fresh = await Help.get(id=aid.id)
    await (await fresh.answer(by=somebody(town, "charlie"), words="Moi.", role="Conduire")).accept(by=alice)
    assert await roles_left([aid.id]) == {aid.id: {"Conduire": 0}}
