"""Coming to a shift, waiting for a place, swapping, going: who comes, and who is told."""

import asyncio
from datetime import timedelta

import pytest

from echange.database import execute, fetch_value
from echange.http import NotAllowed, NotFound
from echange.http.dates import local
from echange.mutual_aid import Help, refusals, rota_refusals
from echange.mutual_aid.models import Shift, ShiftOffer
from echange.mutual_aid.rota_life import drop_gone, go_on, remind
from echange.mutual_aid.rota_privacy import belongings
from echange.mutual_aid.rota_queries import may_be_asked
from tests.mutual_aid.helps import somebody
from tests.mutual_aid.rotas import crowd, is_over, on_rota, told, who
from tests.neighbours import Town


async def test_twenty_at_once_for_two_places(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    people = await crowd(20)
    signups = await asyncio.gather(*(shifts[0].come(by=one) for one in people))
    coming, waiting = await who(shifts[0])
    assert (len(coming), len(waiting)) == (2, 18)
    assert sorted(one.id for one in signups if not one.waiting) == sorted(
        one.id for one in signups if one.member_id in coming
    )


async def test_everybody_clicks_twice_and_counts_once(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    bob = somebody(town, "bob")
    both = await asyncio.gather(shifts[0].come(by=bob), shifts[0].come(by=bob))
    assert both[0].id == both[1].id
    assert await told("shift_taken") == [town["alice"]]
    await asyncio.gather(shifts[0].leave(by=bob), shifts[0].leave(by=bob))
    assert await who(shifts[0]) == ([], [])
    assert await told("shift_left") == [town["alice"]]


async def test_the_database_itself_keeps_the_places(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    await shifts[0].come(by=somebody(town, "bob"))
    with pytest.raises(Exception, match="is full"):
        await execute(
            "INSERT INTO shift_signup (shift_id, member_id) VALUES ($1, $2)", shifts[0].id, town["charlie"]
        )


async def test_a_place_that_frees_goes_to_the_first_who_waits(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    people = await crowd(4)
    for one in people:
        await shifts[0].come(by=one)
    await shifts[0].leave(by=people[1])
    await shifts[0].leave(by=people[0])
    assert await who(shifts[0]) == ([people[2].id], [people[3].id])
    assert await told("shift_yours") == [people[2].id]
    assert await told("shift_left") == [town["alice"]], "who only waited is not missed"


async def test_places_freed_at_once_go_each_to_one(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=3)
    people = await crowd(9)
    for one in people:
        await shifts[0].come(by=one)
    await asyncio.gather(*(shifts[0].leave(by=one) for one in people[:3]))
    coming, waiting = await who(shifts[0])
    assert coming == [one.id for one in people[3:6]]
    assert waiting == [one.id for one in people[6:]]


async def test_a_swap_keeps_its_asker_until_somebody_comes(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    people = await crowd(3)
    for one in people[:2]:
        await shifts[0].come(by=one)
    await shifts[1].come(by=people[2])
    assert await shifts[0].ask_swap(by=people[0]) is False
    assert await shifts[0].ask_swap(by=people[0]) is False
    assert await told("shift_swap") == [people[2].id], "the others of the rota, once"
    assert (await who(shifts[0]))[0] == [people[0].id, people[1].id]
    signup = await shifts[0].come(by=people[2])
    assert not signup.waiting
    assert await who(shifts[0]) == ([people[1].id, people[2].id], [])
    assert await told("shift_swapped") == [people[0].id]
    with pytest.raises(rota_refusals.NotComing):
        await shifts[0].keep(by=people[0])


async def test_two_take_the_same_swap_and_one_waits(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    people = await crowd(3)
    await shifts[0].come(by=people[0])
    await shifts[0].ask_swap(by=people[0])
    await asyncio.gather(shifts[0].come(by=people[1]), shifts[0].come(by=people[2]))
    coming, waiting = await who(shifts[0])
    assert (len(coming), len(waiting)) == (1, 1)
    assert people[0].id not in coming


async def test_a_swap_with_somebody_waiting_is_done_at_once(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    people = await crowd(2)
    for one in people:
        await shifts[0].come(by=one)
    with pytest.raises(rota_refusals.NotComing):
        await shifts[0].ask_swap(by=people[1])
    assert await shifts[0].ask_swap(by=people[0]) is True
    assert await who(shifts[0]) == ([people[1].id], [])
    assert await told("shift_yours") == [people[1].id]


async def test_one_comes_after_all(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await shifts[0].come(by=bob)
    await shifts[0].ask_swap(by=bob)
    await shifts[0].keep(by=bob)
    assert (await shifts[0].come(by=charlie)).waiting


async def test_who_may_not_come(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    with pytest.raises(rota_refusals.OwnShift):
        await shifts[0].come(by=somebody(town, "alice"))
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"])
    with pytest.raises(NotFound):
        await shifts[0].come(by=somebody(town, "bob"))
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", town["charlie"])
    with pytest.raises(refusals.Paused):
        await shifts[0].come(by=somebody(town, "charlie"))
    await is_over(shifts[0])
    people = await crowd(1)
    with pytest.raises(rota_refusals.ShiftStarted):
        await shifts[0].come(by=people[0])


async def test_nobody_is_at_two_places_at_once(orm: None, town: Town) -> None:
    _first, _slot, shifts = await on_rota(town)
    _second, _other, others = await on_rota(town, "charlie", starts=18 * 60 + 30)
    bob = somebody(town, "bob")
    await shifts[0].come(by=bob)
    with pytest.raises(rota_refusals.ElsewhereThen):
        await others[0].come(by=bob)
    await others[1].come(by=bob)


async def test_the_coordinator_calls_a_shift_off_with_its_reason_and_back(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    alice, bob, charlie = (somebody(town, one) for one in ("alice", "bob", "charlie"))
    await shifts[0].come(by=bob)
    await shifts[0].come(by=charlie)
    with pytest.raises(NotAllowed):
        await shifts[0].cancel(by=bob, reason="Grève")
    await shifts[0].cancel(by=alice, reason="Grève")
    await shifts[0].cancel(by=alice, reason="Grève")
    assert await told("shift_cancelled") == [town["bob"], town["charlie"]]
    people = await crowd(1)
    with pytest.raises(rota_refusals.ShiftCancelled):
        await shifts[0].come(by=people[0])
    await shifts[0].restore(by=alice)
    assert await told("shift_restored") == [town["bob"], town["charlie"]]
    assert await who(shifts[0]) == ([town["bob"]], [town["charlie"]])


async def test_somebody_taken_off_is_told_and_followed(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await shifts[0].come(by=bob)
    await shifts[0].come(by=charlie)
    with pytest.raises(NotAllowed):
        await shifts[0].release(by=charlie, member_id=town["bob"])
    await shifts[0].release(by=somebody(town, "alice"), member_id=town["bob"])
    assert await who(shifts[0]) == ([town["charlie"]], [])
    assert await told("shift_released") == [town["bob"]]


async def test_a_shift_is_proposed_to_who_came_before_and_they_answer(orm: None, town: Town) -> None:
    aid, _slot, shifts = await on_rota(town)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    with pytest.raises(rota_refusals.NotOneOfThem):
        await shifts[0].offer_to(town["bob"], by=alice)
    await shifts[1].come(by=bob)
    assert list(await may_be_asked(aid, shifts[0].id)) == [town["bob"]]
    await shifts[0].offer_to(town["bob"], by=alice)
    await shifts[0].offer_to(town["bob"], by=alice)
    assert await told("shift_offered") == [town["bob"]]
    assert await who(shifts[0]) == ([], []), "nobody is signed up without their yes"
    await shifts[0].answer(by=bob, yes=True)
    assert await who(shifts[0]) == ([town["bob"]], [])
    await shifts[2].offer_to(town["bob"], by=alice)
    await shifts[2].answer(by=bob, yes=False)
    await shifts[2].answer(by=bob, yes=False)
    assert await told("shift_declined") == [town["alice"]]
    assert await ShiftOffer.filter(answered_at=None).count() == 0
    with pytest.raises(rota_refusals.NoOffer):
        await shifts[2].answer(by=somebody(town, "charlie"), yes=True)


async def test_who_goes_away_is_followed_by_the_next(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    people = await crowd(4)
    for one in people:
        await shifts[0].come(by=one)
    await execute("UPDATE member SET paused_at = now() WHERE id = $1", people[0].id)
    await execute("INSERT INTO block (by_id, member_id) VALUES ($1, $2)", people[1].id, town["alice"])
    await drop_gone()
    await drop_gone()
    assert await who(shifts[0]) == ([people[2].id], [people[3].id])
    assert await told("shift_yours") == [people[2].id]


async def test_who_leaves_for_good_leaves_their_places(orm: None, town: Town) -> None:
    aid, _slot, shifts = await on_rota(town, people=1)
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await shifts[0].come(by=bob)
    await shifts[0].come(by=charlie)
    assert "1" not in (await belongings.told(town["alice"]) or [""])[0]
    assert len(await belongings.told(town["bob"])) == 1
    await belongings.forget(town["bob"], None)  # type: ignore[arg-type]
    assert await who(shifts[0]) == ([town["charlie"]], [])
    assert await fetch_value("SELECT count(*) FROM shift_signup WHERE member_id = $1", town["bob"]) == 0
    await belongings.forget(town["alice"], None)  # type: ignore[arg-type]
    assert await told("shift_cancelled") == [town["charlie"]], "her rota goes with her"
    assert await Help.exists(id=aid.id)


async def test_whoever_comes_is_reminded_at_six_the_day_before_once(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    bob, charlie = somebody(town, "bob"), somebody(town, "charlie")
    await shifts[0].come(by=bob)
    evening = local(shifts[0].starts_at) - timedelta(days=1)
    assert evening.hour == 18
    await remind(evening - timedelta(minutes=5))
    assert await told("shift_tomorrow") == []
    await shifts[0].come(by=charlie)
    just_now = evening + timedelta(minutes=4)
    await execute("UPDATE shift_signup SET at = $1 WHERE member_id = $2", just_now, town["charlie"])
    await remind(evening + timedelta(minutes=5))
    await remind(evening + timedelta(minutes=5))
    assert await told("shift_tomorrow") == [town["bob"]], "who has just said so knows"


async def test_called_off_waiting_and_away_are_not_reminded(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    people = await crowd(2)
    for one in people:
        await shifts[0].come(by=one)
    await shifts[0].cancel(by=somebody(town, "alice"), reason="Férié")
    await shifts[1].come(by=people[0])
    await remind(shifts[0].starts_at - timedelta(hours=2))
    assert await told("shift_tomorrow") == []


async def test_nothing_happens_twice_by_the_clock(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town)
    await shifts[0].come(by=somebody(town, "bob"))
    await go_on()
    before = await fetch_value("SELECT count(*) FROM notice")
    await go_on()
    assert await fetch_value("SELECT count(*) FROM notice") == before
    assert await Shift.filter(closed_at__isnull=False).count() == 0


async def test_who_comes_elsewhere_then_is_passed_over_and_waits_on(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    _other, _slot2, others = await on_rota(town, "redoute", people=1, starts=18 * 60 + 30)
    first, busy, last = await crowd(3)
    for one in (first, busy, last):
        await shifts[0].come(by=one)
    await others[0].come(by=busy)
    await shifts[0].leave(by=first)
    assert await who(shifts[0]) == ([last.id], [busy.id])
    assert await told("shift_yours") == [last.id]
    await others[0].cancel(by=somebody(town, "redoute"), reason="Grève")
    await shifts[0].leave(by=last)
    assert await who(shifts[0]) == ([busy.id], []), "what is called off keeps nobody"


async def test_a_place_that_stood_free_goes_to_who_waits_once_they_can(orm: None, town: Town) -> None:
    _aid, _slot, shifts = await on_rota(town, people=1)
    _other, _slot2, others = await on_rota(town, "redoute", people=1)
    first, busy = await crowd(2)
    await shifts[0].come(by=first)
    await shifts[0].come(by=busy)
    await others[0].come(by=busy)
    await shifts[0].leave(by=first)
    await go_on()
    assert await who(shifts[0]) == ([], [busy.id])
    await others[0].leave(by=busy)
    await go_on()
    await go_on()
    assert await who(shifts[0]) == ([busy.id], [])
    assert await told("shift_yours") == [busy.id]
    assert (await told("shift_taken")).count(town["alice"]) == 2


async def test_what_has_no_rota_any_more_is_not_put_back(orm: None, town: Town) -> None:
    aid, slot, shifts = await on_rota(town, people=1)
    alice = somebody(town, "alice")
    for shift in shifts[:2]:
        await shift.come(by=somebody(town, "bob"))
        await shift.cancel(by=alice, reason="Grève")
    await execute("UPDATE help SET hidden_at = now()")
    with pytest.raises(refusals.HiddenHelp):
        await shifts[0].restore(by=alice)
    await execute("UPDATE help SET hidden_at = NULL")
    await aid.close(by=alice, outcome="cancelled")
    with pytest.raises(refusals.Over):
        await shifts[0].restore(by=alice)
    await aid.reopen(by=alice)
    await shifts[0].restore(by=alice)
    await slot.remove(by=alice, coming="keep")
    with pytest.raises(rota_refusals.SlotOver):
        await shifts[1].restore(by=alice)
    assert (await Shift.get(id=shifts[1].id)).cancelled_at is not None
