"""Shifts of a weekly slot: when they are, that each is made once, what a change does to them."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from echange.database import execute, fetch_value
from echange.http import NotAllowed
from echange.http.dates import now
from echange.mutual_aid import Help, refusals, rota_refusals
from echange.mutual_aid.models import RotaSlot, Shift
from echange.mutual_aid.rota_life import end_with_help
from echange.mutual_aid.rota_making import make_all, make_since
from echange.mutual_aid.rota_showing import slots_of, weeks_of
from echange.mutual_aid.rota_terms import Terms
from tests.mutual_aid.helps import asked, somebody
from tests.mutual_aid.rotas import crowd, in_days, on_rota, shifts_of, told, weekly, who
from tests.neighbours import Town

PARIS = ZoneInfo("Europe/Paris")


def test_six_in_the_evening_stays_six_across_the_clock_change() -> None:
    # Paris leaves summer time on 25 October 2026.
    terms = Terms(weekday=1, starts=18 * 60, minutes=60, first_day=date(2026, 10, 1))
    instants = [terms.begins(day) for day in terms.days(date(2026, 10, 12))]
    assert [one.astimezone(PARIS).hour for one in instants if one] == [18] * 5
    assert [one.astimezone(UTC).hour for one in instants if one] == [16, 16, 17, 17, 17]


def test_an_hour_that_does_not_exist_is_skipped() -> None:
    # Clocks go from two to three on 28 March 2027.
    terms = Terms(weekday=6, starts=2 * 60 + 30, minutes=60, first_day=date(2027, 3, 1))
    days = list(terms.days(date(2027, 3, 15)))
    assert date(2027, 3, 28) in days
    assert [day for day in days if terms.begins(day) is None] == [date(2027, 3, 28)]


def test_a_shift_across_the_change_lasts_as_long_as_it_says() -> None:
    terms = Terms(weekday=6, starts=60, minutes=180, first_day=date(2026, 10, 1))
    starts = terms.begins(date(2026, 10, 25))
    assert starts is not None
    assert (starts.astimezone(UTC) + timedelta(minutes=180)).astimezone(PARIS).hour == 3


async def test_the_skipped_day_is_said_on_the_page(orm: None, town: Town) -> None:
    aid = await asked(town)
    since = date(2027, 3, 15)
    night = Terms(weekday=6, starts=150, minutes=30, first_day=since)
    await RotaSlot.add(aid, night, by=somebody(town, "alice"))
    await make_since(since)
    days = [shift.day for shift in await shifts_of(aid)]
    assert days == [date(2027, 3, 21), date(2027, 4, 4), date(2027, 4, 11), date(2027, 4, 18)]
    skipped = [line for week in await weeks_of(aid, None, since) for line in week.skipped]
    assert len(skipped) == 1
    assert "28 mars" in skipped[0]
    assert "2\u00a0h\u00a030" in skipped[0]


async def test_shifts_are_made_five_weeks_ahead_each_once(orm: None, town: Town) -> None:
    aid, _slot, shifts = await on_rota(town)
    assert [(shift.day - in_days(3)).days for shift in shifts] == [0, 7, 14, 21, 28]
    await make_all()
    await make_all()
    assert len(await shifts_of(aid)) == 5
    await make_since(in_days(8))
    assert len(await shifts_of(aid)) == 6
    ends = (await Help.get(id=aid.id)).expires_at
    assert ends is not None
    assert ends > now() + timedelta(days=40), "a rota keeps its help open"


async def test_the_same_slot_twice_is_one(orm: None, town: Town) -> None:
    aid, slot, _shifts = await on_rota(town)
    again = await RotaSlot.add(aid, weekly(), by=somebody(town, "alice"))
    assert again.id == slot.id
    assert len(await slots_of(aid.id)) == 1


async def test_only_who_may_edit_the_help_makes_a_rota(orm: None, town: Town) -> None:
    aid = await asked(town)
    with pytest.raises(NotAllowed):
        await RotaSlot.add(aid, weekly(), by=somebody(town, "bob"))
    offer = await asked(town, kind="offer")
    with pytest.raises(rota_refusals.NotAnAsk):
        await RotaSlot.add(offer, weekly(), by=somebody(town, "alice"))
    await aid.close(by=somebody(town, "alice"), outcome="cancelled")
    with pytest.raises(refusals.Over):
        await RotaSlot.add(aid, weekly(), by=somebody(town, "alice"))


async def test_a_change_moves_shifts_without_people_and_asks_about_the_others(orm: None, town: Town) -> None:
    aid, slot, shifts = await on_rota(town)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    await shifts[1].come(by=bob)
    later = weekly(starts=19 * 60)
    with pytest.raises(rota_refusals.ShiftsTaken) as refused:
        await slot.change(later, by=alice)
    assert refused.value.values == {"n": 1}
    await slot.change(later, by=alice, coming="keep")
    hours = [shift.starts_at.astimezone(PARIS).hour for shift in await shifts_of(aid)]
    assert hours == [19, 18, 19, 19, 19], "bob comes at six as he said"
    assert await told("shift_cancelled") == []
    slot = await RotaSlot.get(id=slot.id)
    with pytest.raises(rota_refusals.ReasonMissing):
        await slot.change(weekly(starts=20 * 60), by=alice, coming="cancel")
    await slot.change(weekly(starts=20 * 60), by=alice, coming="cancel", reason="La salle ferme.")
    assert [s.starts_at.astimezone(PARIS).hour for s in await shifts_of(aid)] == [20] * 5
    assert await told("shift_cancelled") == [town["bob"]]
    assert "La salle ferme." in str(
        await fetch_value("SELECT data FROM notice WHERE kind = 'shift_cancelled'")
    )


async def test_another_weekday_leaves_a_kept_week_alone(orm: None, town: Town) -> None:
    aid, slot, shifts = await on_rota(town)
    await shifts[2].come(by=somebody(town, "bob"))
    other = (slot.weekday + 1) % 7
    await slot.change(weekly(weekday=other), by=somebody(town, "alice"), coming="keep")
    weeks = [shift.day.isocalendar()[:2] for shift in await shifts_of(aid)]
    assert len(weeks) == len(set(weeks)), "one shift a week"
    assert shifts[2].id in [shift.id for shift in await shifts_of(aid)]


async def test_fewer_people_never_put_anybody_out(orm: None, town: Town) -> None:
    _aid, slot, shifts = await on_rota(town)
    people = await crowd(2)
    for one in people:
        await shifts[0].come(by=one)
    await slot.change(weekly(people=1), by=somebody(town, "alice"), coming="keep")
    assert await who(shifts[0]) == ([one.id for one in people], [])
    assert (await Shift.get(id=shifts[0].id)).people == 2


async def test_a_slot_ends_with_its_empty_shifts(orm: None, town: Town) -> None:
    aid, slot, shifts = await on_rota(town)
    alice = somebody(town, "alice")
    await shifts[1].come(by=somebody(town, "bob"))
    with pytest.raises(rota_refusals.ShiftsTaken):
        await slot.remove(by=alice)
    await slot.remove(by=alice, coming="keep")
    await slot.remove(by=alice, coming="keep")
    assert [shift.id for shift in await shifts_of(aid)] == [shifts[1].id]
    await make_all()
    assert len(await shifts_of(aid)) == 1
    assert await slots_of(aid.id) == []


async def test_a_slot_that_ends_tells_why(orm: None, town: Town) -> None:
    _aid, slot, shifts = await on_rota(town)
    await shifts[1].come(by=somebody(town, "bob"))
    await slot.remove(by=somebody(town, "alice"), coming="cancel", reason="Plus besoin, merci.")
    kept = await Shift.get(id=shifts[1].id)
    assert (kept.cancelled_at is not None, kept.cancelled_for) == (True, "Plus besoin, merci.")
    assert await told("shift_cancelled") == [town["bob"]]


async def test_shifts_end_with_their_help_some_minutes_later(orm: None, town: Town) -> None:
    aid, _slot, shifts = await on_rota(town)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    await shifts[0].come(by=bob)
    await aid.close(by=alice, outcome="cancelled")
    with pytest.raises(refusals.Over):
        await shifts[1].come(by=bob)
    await end_with_help()
    assert len(await shifts_of(aid)) == 5, "an end taken back at once disturbs nobody"
    await execute("UPDATE help SET ended_at = ended_at - interval '10 minutes'")
    await end_with_help()
    await end_with_help()
    assert await shifts_of(aid) == []
    assert await told("shift_cancelled") == [town["bob"]]
    await (await Help.get(id=aid.id)).reopen(by=alice)
    await make_all()
    assert len(await shifts_of(aid)) == 5
