"""The fair queue: its opening, its order, its promises."""

from datetime import timedelta

import pytest

from echange.ads import queue, refusals, turns
from echange.ads.models import Ad, Answer, Reservation
from echange.database import execute, fetch_value
from echange.http import NotAllowed, NotFound
from echange.http.dates import now
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, given, told, wanted
from tests.ads.queueing import ad as ad
from tests.ads.queueing import opened, promised
from tests.ads.queueing import owner as owner
from tests.neighbours import Town


async def test_nothing_is_promised_while_answers_count_as_arrived_together(ad: Ad) -> None:
    await wanted(ad, *await crowd(3))
    await turns.tick()
    assert await Reservation.all().count() == 0
    assert await Answer.filter(rank__isnull=False).count() == 0


async def test_the_queue_opens_by_itself_and_promises_to_the_first(ad: Ad) -> None:
    first, *_ = await opened(ad, 5)
    promise = await promised(ad)
    assert promise.answer.member_id == first.id
    assert promise.answer_by is not None
    assert promise.answer_by - promise.at == timedelta(hours=24)
    assert await told(first.id) == ["promised"]
    assert (await Ad.get(id=ad.id)).reserved


async def test_places_are_drawn_by_lot_that_anybody_can_check_at_the_end(ad: Ad) -> None:
    seal = queue.sealed(ad.queue_seed or "")
    members = await opened(ad, 12)
    seed = str(await fetch_value("SELECT queue_seed FROM ad WHERE id = $1", ad.id))
    assert queue.sealed(seed) == seal, "fixed before anybody answered"
    lots = [queue.lot(seed, ad.id, one.id) for one in members]
    assert lots == sorted(lots)


async def test_who_received_fewer_gifts_lately_goes_first(ad: Ad, town: Town) -> None:
    lucky, old, none = await crowd(3)
    for member, days in ((lucky, 10), (old, 100)):
        before = await given(town["bob"], town.quartiers["le-plateau"], fair=False)
        answer = await Answer.create(ad_id=before.id, member_id=member.id)
        await Reservation.create(
            ad_id=before.id, answer_id=answer.id, accepted_at=now(), ending="done",
            ended_at=now() - timedelta(days=days),
        )  # fmt: skip
    await wanted(ad, lucky, old, none)
    await a_day_later(ad)
    await turns.tick()
    ranks = {answer.member_id: answer.rank for answer in await Answer.filter(ad_id=ad.id)}
    assert ranks[lucky.id] == 3
    assert {ranks[old.id], ranks[none.id]} == {1, 2}


async def test_those_who_come_after_the_hours_stand_behind_in_order_of_arrival(ad: Ad) -> None:
    neighbours = await crowd(6)
    await wanted(ad, *neighbours[:3])
    await a_day_later(ad)
    # The queue's hours are over, and its job is late.
    await wanted(ad, neighbours[4], neighbours[3])
    await turns.tick()
    await wanted(ad, neighbours[5])
    ranks = {answer.member_id: answer.rank for answer in await Answer.filter(ad_id=ad.id)}
    assert [ranks[neighbours[n].id] for n in (4, 3, 5)] == [4, 5, 6]


async def test_places_never_change_once_given(ad: Ad) -> None:
    members = await opened(ad, 6)
    await Answer.withdraw(ad, by=members[2])
    await turns.tick()
    ranks = await Answer.filter(ad_id=ad.id).order_by("rank").values_list("member_id", flat=True)
    assert [int(str(one)) for one in ranks] == [one.id for one in members]


async def test_a_no_passes_it_on_at_once_without_a_word_to_the_giver(ad: Ad, owner: Member) -> None:
    first, second, *_ = await opened(ad, 3)
    await (await promised(ad)).decline(by=first)
    assert (await promised(ad)).answer.member_id == second.id
    assert await told(second.id) == ["promised"]
    assert await told(owner.id) == ["answer", "answers"]


async def test_a_day_of_silence_passes_it_on(ad: Ad) -> None:
    first, second, *_ = await opened(ad, 3)
    await a_day_later(ad)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == second.id
    assert await told(first.id) == ["promised", "too_late"]
    assert await Reservation.filter(ending="silent").count() == 1


async def test_a_page_does_not_wait_for_the_clock_to_pass_it_on(ad: Ad, owner: Member) -> None:
    first, second, *_ = await opened(ad, 2)
    await a_day_later(ad)
    with pytest.raises(NotFound):
        await Reservation.of(ad, first)
    assert (await Reservation.of(ad, second)).is_for(second)


async def test_a_yes_that_comes_too_late_is_refused(ad: Ad) -> None:
    first, *_ = await opened(ad, 2)
    promise = await promised(ad)
    await a_day_later(ad)
    with pytest.raises(refusals.TooLate):
        await promise.accept(by=first)
    await turns.tick()
    with pytest.raises(refusals.PromiseOver):
        await promise.accept(by=first)


async def test_who_did_not_come_goes_and_the_next_is_told(ad: Ad, owner: Member) -> None:
    first, second, *_ = await opened(ad, 2)
    promise = await promised(ad)
    with pytest.raises(refusals.NotYetAccepted):
        await promise.fall_through(by=owner)
    await promise.accept(by=first)
    await promise.fall_through(by=owner)
    assert (await promised(ad)).answer.member_id == second.id
    assert await told(first.id) == ["promised", "missed"]
    # Answering again puts them at the end of the line.
    await wanted(ad, first)
    await (await promised(ad)).decline(by=second)
    assert (await promised(ad)).answer.member_id == first.id


async def test_the_giver_neither_chooses_nor_promises_twice(ad: Ad, owner: Member) -> None:
    _, second = await opened(ad, 2)
    with pytest.raises(refusals.QueueDecides):
        await Reservation.promise(ad, by=owner, member_id=second.id)


async def test_who_is_away_or_blocked_is_passed_over_and_loses_a_promise(ad: Ad, owner: Member) -> None:
    first, second, third, fourth = await opened(ad, 4)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", second.id)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", third.id, owner.id)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", owner.id, first.id)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == fourth.id
    assert await told(first.id) == ["promised"], "quietly"
    assert await told(owner.id) == ["answer", "answers"]


async def test_the_giver_may_open_the_queue_two_hours_after_the_first_answer(ad: Ad, owner: Member) -> None:
    neighbours = await crowd(2)
    with pytest.raises(refusals.QueueNotNow):
        await turns.start_queue(ad, by=owner)
    await wanted(ad, *neighbours)
    with pytest.raises(refusals.QueueNotNow):
        await turns.start_queue(ad, by=owner)
    await execute("UPDATE ad SET queue_opens_at = queue_opens_at - interval '2 hours'")
    with pytest.raises(NotAllowed):
        await turns.start_queue(ad, by=neighbours[0])
    await turns.start_queue(ad, by=owner)
    assert (await promised(ad)).answer.rank == 1
    with pytest.raises(refusals.QueueNotNow):
        await turns.start_queue(ad, by=owner)


async def test_a_simple_annonce_turns_to_the_fair_queue_with_those_who_answered(
    orm: None, town: Town, owner: Member
) -> None:
    ad = await given(town["alice"], town.quartiers["les-larris"], fair=False)
    for one in await crowd(3):
        await Answer.give(ad, by=one, body="Pour moi ?")
    await execute("UPDATE answer SET at = at - interval '25 hours'")
    ad = await turns.start_queue(ad, by=owner)
    assert ad.fair
    promise = await promised(ad)
    assert promise.answer.rank == 1
    said = await fetch_value("SELECT count(*) FROM event")
    await promise.accept(by=promise.answer.member)
    assert await fetch_value("SELECT count(*) FROM event") == said, "they have spoken before"
