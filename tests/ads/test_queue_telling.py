"""The fair queue: what one says in it, and what its giver and those who wait are told."""

import pytest

from echange.ads import promises, refusals, turns
from echange.ads.models import Ad, Answer, Reservation
from echange.database import execute, fetch, fetch_value
from echange.http import Invalid
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, told, wanted
from tests.ads.queueing import ad as ad
from tests.ads.queueing import opened, promised
from tests.ads.queueing import owner as owner


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


async def test_the_giver_is_asked_how_it_went_after_three_days(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 2)
    await (await promised(ad)).accept(by=first)
    for _ in range(3):
        await a_day_later(ad)
    await turns.tick()
    await turns.tick()
    assert (await told(owner.id)).count("how_it_went") == 1
    assert (await promised(ad)).answer.member_id == first.id, "accepted, it is not passed on by the clock"


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
