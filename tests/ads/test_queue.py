"""The fair queue: its order, its promises, its end."""

import asyncio
from datetime import timedelta

import pytest

from echange.ads import promises, queue, refusals, turns
from echange.ads.line import line_of, replies_to, standing_of
from echange.ads.models import Ad, Answer, Reservation
from echange.ads.waiting import promises_to_accept
from echange.database import execute, fetch, fetch_value
from echange.http import Invalid, NotAllowed, NotFound
from echange.http.dates import now
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, given, told, wanted
from tests.neighbours import Town


@pytest.fixture
async def ad(orm: None, town: Town) -> Ad:
    return await given(town["alice"], town.quartiers["les-larris"])


@pytest.fixture
async def owner(orm: None, town: Town) -> Member:
    return await Member.get(id=town["alice"])


async def promised(ad: Ad) -> Reservation:
    return await Reservation.get(ad_id=ad.id, ended_at=None).select_related("answer__member")


async def opened(ad: Ad, n: int) -> list[Member]:
    """The queue, open, with this many neighbours in the order of their places."""
    await wanted(ad, *await crowd(n))
    await a_day_later(ad)
    await turns.tick()
    answers = await Answer.filter(ad_id=ad.id).order_by("rank").select_related("member")
    return [answer.member for answer in answers]


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


async def test_a_yes_opens_the_conversation_with_the_answers_words(ad: Ad, owner: Member) -> None:
    first, second, *_ = await opened(ad, 3)
    assert await fetch_value("SELECT count(*) FROM conversation") == 0
    promise = await promised(ad)
    conversation = await promise.accept(by=first)
    body = str(await fetch_value("SELECT data->>'body' FROM event WHERE conversation_id = $1", conversation))
    assert f"dit {first.name}" in body
    assert "Le samedi" in body
    assert "à vélo" in body
    assert await told(owner.id) == ["answer", "answers", "accepted"]
    assert await told(second.id) == []
    assert await promise.accept(by=first) == conversation, "said twice, it counts once"
    assert await fetch_value("SELECT count(*) FROM event") == 1


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


async def test_a_queue_with_nobody_left_tells_its_giver_and_takes_the_next_who_comes(
    ad: Ad, owner: Member
) -> None:
    first, late = await crowd(2)
    await wanted(ad, first)
    await a_day_later(ad)
    await turns.tick()
    await (await promised(ad)).decline(by=first)
    assert await told(owner.id) == ["answer", "line_empty"]
    assert not (await Ad.get(id=ad.id)).reserved
    await wanted(ad, late)
    assert (await promised(ad)).answer.member_id == late.id


async def test_everyone_is_told_the_end_and_nobody_who_got_it(ad: Ad, owner: Member) -> None:
    first, second, third = await opened(ad, 3)
    promise = await promised(ad)
    await promise.accept(by=first)
    await Answer.withdraw(ad, by=third)
    await ad.close(by=owner, outcome="given")
    assert await Reservation.filter(ending="done").count() == 1
    assert await told(second.id) == ["gone"]
    assert await told(third.id) == [], "who withdrew wants to hear no more"
    assert "gone" not in await told(first.id)
    notice = (await fetch("SELECT link, data::text AS data FROM notice WHERE kind = 'gone'"))[0]
    assert notice["link"] == "/publier?nature=seek"
    assert first.name not in notice["data"]
    with pytest.raises(refusals.AlreadyClosed):
        await wanted(ad, third)


async def test_undoing_the_end_gives_the_promise_back(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 3)
    await (await promised(ad)).accept(by=first)
    await ad.close(by=owner, outcome="given")
    await ad.reopen(by=owner)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == first.id


async def test_who_is_away_or_blocked_is_passed_over_and_loses_a_promise(ad: Ad, owner: Member) -> None:
    first, second, third, fourth = await opened(ad, 4)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", second.id)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", third.id, owner.id)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", owner.id, first.id)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == fourth.id
    assert await told(first.id) == ["promised"], "quietly"
    assert await told(owner.id) == ["answer", "answers"]


async def test_an_answer_says_when_and_how(ad: Ad) -> None:
    (one,) = await crowd(1)
    with pytest.raises(Invalid) as refused:
        await Answer.give(ad, by=one, body="Pour moi ?")
    assert set(refused.value.errors) == {"when_text", "carry"}
    assert await Answer.all().count() == 0


async def test_the_giver_is_told_of_the_first_answer_then_once_a_day(ad: Ad, owner: Member) -> None:
    neighbours = await crowd(9)
    await wanted(ad, *neighbours[:5])
    await turns.tick()
    assert await told(owner.id) == ["answer"]
    assert await fetch_value("SELECT count(*) FROM event") == 0, "no messages to read"
    await execute("UPDATE ad SET queue_told_at = queue_told_at - interval '1 day'")
    await execute("UPDATE answer SET at = at - interval '1 day'")
    await execute("UPDATE answer SET at = at + interval '1 second' WHERE id > (SELECT min(id) FROM answer)")
    await wanted(ad, *neighbours[5:])
    await turns.tick()
    await turns.tick()
    assert await told(owner.id) == ["answer", "answers"]
    assert await fetch_value("SELECT data->>'n' FROM notice WHERE kind = 'answers'") == "8"


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


async def test_the_giver_is_asked_how_it_went_after_three_days(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 2)
    await (await promised(ad)).accept(by=first)
    for _ in range(3):
        await a_day_later(ad)
    await turns.tick()
    await turns.tick()
    assert (await told(owner.id)).count("how_it_went") == 1
    assert (await promised(ad)).answer.member_id == first.id, "accepted, it is not passed on by the clock"


async def test_eighty_eight_answers_need_three_gestures(ad: Ad, owner: Member) -> None:
    members = await opened(ad, 88)
    # The first says no, the second says nothing, the third says yes and does not come.
    await (await promised(ad)).decline(by=members[0])
    await a_day_later(ad)
    await turns.tick()
    promise = await promised(ad)
    await promise.accept(by=members[2])
    await promise.fall_through(by=owner)
    promise = await promised(ad)
    assert promise.answer.member_id == members[3].id
    await promise.accept(by=members[3])
    await ad.close(by=owner, outcome="given")
    ends = await fetch_value("SELECT count(DISTINCT member_id) FROM notice WHERE kind = 'gone'")
    assert ends == 87
    assert await fetch_value("SELECT count(*) FROM notice WHERE member_id = $1", owner.id) <= 4
    assert await promises.current(ad.id) is None


async def test_yes_and_the_clock_at_once_never_promise_twice(ad: Ad) -> None:
    first, second, *_ = await opened(ad, 4)
    promise = await promised(ad)
    await execute("UPDATE reservation SET answer_by = now() + interval '20 milliseconds'")
    said, *_ = await asyncio.gather(
        promise.accept(by=first), *(turns.tick() for _ in range(4)), return_exceptions=True
    )
    await asyncio.sleep(0.03)
    await turns.tick()
    now_for = (await promised(ad)).answer.member_id
    assert now_for == (second.id if isinstance(said, BaseException) else first.id)


async def test_withdrawing_declining_and_passing_on_at_once_leave_one_promise(ad: Ad, owner: Member) -> None:
    members = await opened(ad, 8)
    promise = await promised(ad)
    await asyncio.gather(
        promise.decline(by=members[0]),
        Answer.withdraw(ad, by=members[0]),
        Answer.withdraw(ad, by=members[1]),
        Answer.withdraw(ad, by=members[2]),
        turns.tick(),
        return_exceptions=True,
    )
    assert (await promised(ad)).answer.member_id == members[3].id


async def test_an_end_and_a_yes_at_once_leave_no_promise_behind(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 3)
    promise = await promised(ad)
    said, closed = await asyncio.gather(
        promise.accept(by=first), ad.close(by=owner, outcome="given"), return_exceptions=True
    )
    assert not isinstance(closed, BaseException)
    assert await promises.current(ad.id) is None
    ending = await fetch_value("SELECT ending FROM reservation WHERE id = $1", promise.id)
    assert ending == ("closed" if isinstance(said, BaseException) else "done")


@pytest.mark.parametrize("unseen", ["ad SET hidden_at", "member SET paused_at"])
async def test_a_turn_is_not_lost_while_the_annonce_cannot_be_read(
    ad: Ad, owner: Member, unseen: str
) -> None:
    first, *_ = await opened(ad, 3)
    one = ad.id if unseen.startswith("ad") else owner.id
    await execute(f"UPDATE {unseen} = now() WHERE id = $1", one)
    await a_day_later(ad)
    await turns.tick()
    assert await Reservation.filter(ad_id=ad.id, ended_at=None).count() == 0
    assert await promises_to_accept(first.id) == []
    await execute(f"UPDATE {unseen} = NULL WHERE id = $1", one)
    await turns.tick()
    promise = await promised(ad)
    assert promise.answer.member_id == first.id
    assert promise.answer_by is not None
    assert promise.answer_by > now() + timedelta(hours=23)


async def test_a_turn_is_not_lost_while_the_annonce_was_closed_by_mistake(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 3)
    await ad.close(by=owner, outcome="withdrawn")
    await execute("UPDATE reservation SET answer_by = now() - interval '1 h' WHERE ad_id = $1", ad.id)
    await ad.reopen(by=owner)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == first.id
    assert "too_late" not in await told(first.id)


async def test_a_queue_that_never_opened_keeps_its_secret_when_closed_and_after_reopening(
    ad: Ad, owner: Member
) -> None:
    voisins = await crowd(4)
    await wanted(ad, *voisins)
    await ad.close(by=owner, outcome="withdrawn")
    closed = await Ad.get(id=ad.id)
    for somebody in (owner, voisins[0], None):
        assert (await line_of(closed, somebody)).seed == ""
    assert (await standing_of(closed, voisins[0])).lot == ""
    await closed.reopen(by=owner)
    again = await Ad.get(id=ad.id)
    assert (await line_of(again, owner)).seed == ""
    replies = await replies_to(again, owner)
    assert [reply.place for reply in replies] == [0] * 4
    assert [reply.member.id for reply in replies] == [one.id for one in voisins], "as they came"


async def test_the_order_drawn_after_a_reopening_is_the_one_its_seal_promised(ad: Ad, owner: Member) -> None:
    seal = (await line_of(ad, owner)).seal
    await wanted(ad, *await crowd(4))
    await ad.close(by=owner, outcome="withdrawn")
    await (await Ad.get(id=ad.id)).reopen(by=owner)
    await a_day_later(ad)
    await turns.tick()
    again = await Ad.get(id=ad.id)
    assert sorted(reply.place for reply in await replies_to(again, owner)) == [0, 1, 2, 3]
    await again.close(by=owner, outcome="given")
    told_at_the_end = await line_of(await Ad.get(id=ad.id), owner)
    assert told_at_the_end.seed
    assert queue.sealed(told_at_the_end.seed) == told_at_the_end.seal == seal
