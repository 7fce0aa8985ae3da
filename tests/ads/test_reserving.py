"""A simple annonce: its owner reserves it for one, takes it back, hands it over."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from echange.ads import refusals
from echange.ads.line import replies_to
from echange.ads.models import Ad, Answer, Reservation
from echange.ads.subject import subject
from echange.ads.waiting import answers_waiting, appointments, promises_to_accept
from echange.database import execute, fetch_value
from echange.http import NotAllowed, NotFound, Viewer
from echange.http.rates import Limiter
from echange.members import Member
from tests.ads.annonces import Connection, published
from tests.ads.crowd import given, told
from tests.neighbours import Town


@pytest.fixture
async def ad(orm: None, town: Town) -> Ad:
    ad = await given(town["alice"], town.quartiers["les-larris"], fair=False)
    for handle in ("bob", "charlie"):
        await Answer.give(ad, by=await Member.get(id=town[handle]), body="Pour moi ?")
    return ad


@pytest.fixture
async def owner(orm: None, town: Town) -> Member:
    return await Member.get(id=town["alice"])


def seen_as(town: Town, handle: str) -> Viewer:
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True)


async def test_one_is_reserved_for_at_a_time(ad: Ad, owner: Member, town: Town) -> None:
    promise = await Reservation.promise(ad, by=owner, member_id=town["bob"])
    assert promise.accepted
    assert await told(town["bob"]) == ["reserved"]
    with pytest.raises(refusals.AlreadyReserved):
        await Reservation.promise(ad, by=owner, member_id=town["charlie"])
    assert (await Ad.get(id=ad.id)).state == "reserved"


async def test_two_reservations_at_once_keep_one(ad: Ad, owner: Member, town: Town) -> None:
    outcomes = await asyncio.gather(
        *(Reservation.promise(ad, by=owner, member_id=town[one]) for one in ("bob", "charlie") * 2),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Reservation) for one in outcomes) == 1
    assert {type(one) for one in outcomes} == {Reservation, refusals.AlreadyReserved}


async def test_only_its_owner_reserves_and_only_for_who_answered(ad: Ad, owner: Member, town: Town) -> None:
    bob = await Member.get(id=town["bob"])
    with pytest.raises(NotAllowed):
        await Reservation.promise(ad, by=bob, member_id=town["bob"])
    with pytest.raises(NotFound):
        await Reservation.promise(ad, by=owner, member_id=town["redoute"])
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    with pytest.raises(NotFound):
        await Reservation.promise(ad, by=owner, member_id=town["bob"])


async def test_what_is_released_is_told_to_whom_it_was_for_and_to_who_waits(
    ad: Ad, owner: Member, town: Town
) -> None:
    promise = await Reservation.promise(ad, by=owner, member_id=town["bob"])
    await promise.release(by=owner)
    assert await told(town["bob"]) == ["reserved", "released"]
    assert await told(town["charlie"]) == ["free_again"]
    # And may be reserved for either again.
    await Reservation.promise(ad, by=owner, member_id=town["bob"])


async def test_who_withdraws_sets_it_free_and_may_answer_again(ad: Ad, owner: Member, town: Town) -> None:
    bob = await Member.get(id=town["bob"])
    await Reservation.promise(ad, by=owner, member_id=bob.id)
    await Answer.withdraw(ad, by=bob)
    assert await told(owner.id) == ["answer", "answer", "gave_up", "withdrew"]
    assert await told(town["charlie"]) == ["free_again"]
    with pytest.raises(NotFound):
        await Answer.withdraw(ad, by=bob)
    again = await Answer.give(ad, by=bob, body="Finalement oui.")
    assert again.withdrawn_at is None
    assert await Answer.filter(ad_id=ad.id).count() == 2


async def test_who_goes_away_leaves_every_line_without_a_word(ad: Ad, owner: Member, town: Town) -> None:
    await Answer.withdraw_all_of(town["bob"])
    assert await Answer.filter(member_id=town["bob"], withdrawn_at=None).count() == 0
    assert await told(owner.id) == ["answer", "answer"]


async def test_nobody_answers_under_the_owners_own_organisation(orm: None, town: Town) -> None:
    await execute(
        """WITH made AS (INSERT INTO organisation (slug, name, sort_key, about)
                         VALUES ('les-fetes', 'Les Fêtes', 'les fetes', '') RETURNING id)
           INSERT INTO membership (organisation_id, member_id, role)
           SELECT made.id, who, 'owner' FROM made, unnest($1::int[]) AS who""",
        [town["alice"], town["bob"]],
    )
    organisation_id = await fetch_value("SELECT id FROM organisation WHERE slug = 'les-fetes'")
    ad = await given(town["alice"], town.quartiers["les-larris"], fair=False, organisation_id=organisation_id)
    with pytest.raises(refusals.OwnAd):
        await Answer.give(ad, by=await Member.get(id=town["bob"]), body="Pour moi ?")


async def test_what_is_hidden_held_or_expired_is_not_answered(orm: None, town: Town) -> None:
    bob = await Member.get(id=town["bob"])
    for column, refusal in (
        ("hidden_at", NotFound), ("held_at", NotFound), ("expired_at", refusals.Expired),
        ("expires_at", refusals.Expired),
    ):  # fmt: skip
        ad = await given(town["alice"], town.quartiers["les-larris"], fair=False)
        await execute(f"UPDATE ad SET {column} = now() WHERE id = $1", ad.id)
        with pytest.raises(refusal):
            await Answer.give(ad, by=bob, body="Là ?")
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", bob.id)
    with pytest.raises(refusals.Paused):
        await Answer.give(
            await given(town["alice"], town.quartiers["les-larris"], fair=False), by=bob, body="Là ?"
        )


async def test_the_blocked_answer_nothing(orm: None, town: Town) -> None:
    ad = await given(town["alice"], town.quartiers["les-larris"])
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"])
    with pytest.raises(NotFound):
        await Answer.give(
            ad, by=await Member.get(id=town["bob"]), body="Là ?", when_text="Le soir", carry="foot"
        )


async def test_the_card_says_the_next_step_to_each(ad: Ad, owner: Member, town: Town) -> None:
    alice, bob, charlie = (seen_as(town, one) for one in ("alice", "bob", "charlie"))
    free = (await subject.cards([ad.id], alice))[ad.id]
    assert [action.url for action in free.actions] == [f"/annonces/{ad.id}/reponses"]
    await Reservation.promise(ad, by=owner, member_id=town["bob"])
    cards = [(await subject.cards([ad.id], one))[ad.id] for one in (alice, bob, charlie)]
    assert [card.state for card in cards] == ["reserved"] * 3
    assert [card.state_text for card in cards] == ["Réservé", "Réservé pour vous", "Réservé"]
    bobs_name = (await Member.get(id=town["bob"])).name
    assert [bobs_name in card.next_step for card in cards] == [True, False, False], "only the owner is told"
    assert [bool(card.actions) for card in cards] == [True, True, False]


async def test_the_home_page_knows_what_waits(ad: Ad, owner: Member, town: Town) -> None:
    assert [(one.title, one.answers) for one in await answers_waiting(owner.id)] == [("Lit d’enfant", 2)]
    await Reservation.promise(ad, by=owner, member_id=town["bob"])
    assert await answers_waiting(owner.id) == []
    assert [one.step for one in await appointments(owner.id)] == ["propose"]
    assert [one.other for one in await appointments(town["bob"])] == ["Alice Morel"]
    assert await promises_to_accept(town["bob"]) == []


async def test_pages_lead_from_the_answers_to_the_handing_over(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    for person in (bob, charlie):
        await person.post(f"/annonces/{ad_id}/reponses", data={"body": "Pour moi ?"})
    listed = await alice.get(f"/annonces/{ad_id}/reponses")
    assert listed.text.count("Réserver pour cette personne") == 2
    assert (await bob.get(f"/annonces/{ad_id}/reponses")).status_code == 404
    answer_id = await connection.fetchval("SELECT min(id) FROM answer")
    made = await alice.post(f"/annonces/{ad_id}/reservation", data={"answer": answer_id})
    assert made.headers["location"] == f"/annonces/{ad_id}/reservation"
    for person, words in ((alice, "Réservé pour Bob"), (bob, "C’est réservé pour vous")):
        assert words in (await person.get(f"/annonces/{ad_id}/reservation")).text
    assert (await charlie.get(f"/annonces/{ad_id}/reservation")).status_code == 404
    assert (await charlie.post(f"/annonces/{ad_id}/reservation/remise")).status_code == 404
    assert "vous serez prévenu" in (await charlie.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    again = await alice.post(f"/annonces/{ad_id}/reservation", data={"answer": answer_id + 1})
    assert again.headers["location"] == f"/annonces/{ad_id}/reponses"
    assert (await bob.post(f"/annonces/{ad_id}/reservation/absence")).status_code == 403
    assert (await alice.post(f"/annonces/{ad_id}/reservation/remise")).status_code == 303
    assert await connection.fetchval("SELECT outcome FROM closure") == "given"
    assert "C’est vous qui l’avez reçu" in (await bob.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert "/publier?nature=seek" in (await charlie.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text


async def test_the_same_by_programme(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    ad_id = await published(alice)
    place = f"/api/v1/ads/{ad_id}"
    for person in (bob, charlie):
        given_one = await person.post(f"{place}/answers", json={"body": "Oui", "carry": "foot"})
        assert given_one.json()["conversation"] > 0
    everyone = (await alice.get(f"{place}/answers")).json()["items"]
    assert [one["member"]["handle"] for one in everyone] == ["bob", "charlie"]
    assert [one["carry"] for one in everyone] == ["foot", "foot"]
    assert len((await bob.get(f"{place}/answers")).json()["items"]) == 1
    assert (await bob.post(f"{place}/reservation", json={"member": town["bob"]})).status_code == 403
    made = await alice.post(f"{place}/reservation", json={"member": town["bob"]})
    assert made.status_code == 201
    assert made.json()["member"]["handle"] == "bob"
    twice = await alice.post(f"{place}/reservation", json={"member": town["charlie"]})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_reserved")
    assert (await charlie.get(f"{place}/reservation")).status_code == 404
    assert (await charlie.delete(f"{place}/reservation")).status_code == 404
    assert (await bob.delete(f"{place}/reservation")).status_code == 204
    assert (await alice.get(f"{place}/reservation")).status_code == 404
    assert (await bob.delete(f"{place}/answers/mine")).status_code == 204
    assert (await alice.post(f"{place}/reservation", json={})).status_code == 422


async def test_what_neighbours_cannot_read_is_reserved_for_nobody(ad: Ad, owner: Member, town: Town) -> None:
    for column, refusal in (
        ("hidden_at = now()", refusals.HiddenAd),
        ("expires_at = now() - interval '1 s'", refusals.Expired),
        ("expires_at = now() - interval '1 s', expired_at = now()", refusals.Expired),
    ):
        await execute(f"UPDATE ad SET {column} WHERE id = $1", ad.id)
        with pytest.raises(refusal):
            await Reservation.promise(ad, by=owner, member_id=town["bob"])
        await execute("UPDATE ad SET hidden_at = NULL WHERE id = $1", ad.id)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", owner.id)
    with pytest.raises(refusals.AwayOwner):
        await Reservation.promise(ad, by=owner, member_id=town["bob"])
    assert await told(town["bob"]) == []


async def test_a_promise_whose_neighbour_withdrew_after_the_end_does_not_come_back(
    ad: Ad, owner: Member, town: Town
) -> None:
    await Reservation.promise(ad, by=owner, member_id=town["bob"])
    await ad.close(by=owner, outcome="given")
    await Answer.withdraw(ad, by=await Member.get(id=town["bob"]))
    await ad.reopen(by=owner)
    assert (await Ad.get(id=ad.id)).state == "published"
    await Reservation.promise(ad, by=owner, member_id=town["charlie"])


async def test_who_answered_keeps_a_hidden_quartier_hidden(ad: Ad, owner: Member, town: Town) -> None:
    await execute("UPDATE member SET private_fields = '{quartier}' WHERE id = $1", town["bob"])
    replies = {reply.member.id: reply.quartier for reply in await replies_to(ad, owner)}
    assert replies[town["bob"]] == ""
    assert replies[town["charlie"]]


async def test_no_loop_of_ends_fills_the_mailboxes_of_those_who_wait(
    alice: httpx.AsyncClient, app: Starlette
) -> None:
    ad_id = await published(alice)
    app.state.limiter = Limiter(1)
    statuses = []
    for _ in range(16):
        closed = await alice.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "withdrawn"})
        opened = await alice.delete(f"/api/v1/ads/{ad_id}/closure")
        statuses += [closed.status_code, opened.status_code]
    assert statuses[:30] == [201, 204] * 15
    assert statuses[30] == 429
