"""The fair queue when things happen at once, and when its annonce goes out of sight or comes back."""

import asyncio
from datetime import timedelta

import pytest

from echange.ads import promises, queue, turns
from echange.ads.line import line_of, replies_to, standing_of
from echange.ads.models import Ad, Answer, Reservation
from echange.ads.waiting import promises_to_accept
from echange.database import execute, fetch_value
from echange.http.dates import now
from echange.members import Member
from tests.ads.crowd import a_day_later, crowd, told, wanted
from tests.ads.queueing import ad as ad
from tests.ads.queueing import opened, promised
from tests.ads.queueing import owner as owner


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


async def test_undoing_the_end_gives_the_promise_back(ad: Ad, owner: Member) -> None:
    first, *_ = await opened(ad, 3)
    await (await promised(ad)).accept(by=first)
    await ad.close(by=owner, outcome="given")
    await ad.reopen(by=owner)
    await turns.tick()
    assert (await promised(ad)).answer.member_id == first.id


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
