"""Over the counter: which units go, in which condition, by whose hand, and when."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from echange.database import fetch, fetch_value
from echange.http.viewer import Behalf
from echange.lending.handing import hand_over
from echange.lending.models import ConditionReport, Loan
from echange.members import OutOfScope
from tests.lending.desk_things import API, Client, act, asked, kinds_told, out
from tests.lending.things import kit, lent, redoute, somebody, units_of
from tests.neighbours import Town


def earlier(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def test_what_was_agreed_goes_out(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=3)
    it = await asked(alice, item, quantity=2)
    told = await act(keeper, it["id"], "handover", words="Prendre soin des pieds.")
    assert (told["state"], told["units"]) == ("out", it["units"])
    assert told["out_at"] is not None
    assert told["next"] == ["return", "renewal", "loss", "damage"]
    assert told["events"][-1]["kind"] == "handed_over"
    holds = await fetch("SELECT unit_id FROM booking_holding WHERE returned_at IS NULL ORDER BY unit_id")
    assert [row["unit_id"] for row in holds] == sorted(it["units"])
    assert await kinds_told(town["alice"]) == ["loan_handed"]
    reports = await ConditionReport.filter(loan_id=it["id"])
    assert {(one.moment, one.condition, one.by_id) for one in reports} == {("out", "good", town["redoute"])}


async def test_a_second_click_hands_over_once(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town, units=2), quantity=2)
    first = await act(keeper, it["id"], "handover")
    again = await act(keeper, it["id"], "handover")
    assert (again["state"], len(again["events"])) == ("out", len(first["events"]))
    assert await ConditionReport.filter(loan_id=it["id"]).count() == 2


async def test_eight_clicks_at_once_hand_over_once(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town, units=3), quantity=3)
    answers = await asyncio.gather(
        *(keeper.post(f"{API}/reservations/{it['id']}/handover", json={}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'handed_over'") == 1
    assert await fetch_value("SELECT count(*) FROM booking_holding") == 3


async def test_of_two_desks_at_once_one_hands_over(
    alice: Client, keeper: Client, bob: Client, town: Town
) -> None:
    await redoute(town, "bob")
    it = await asked(alice, await lent(town))
    answers = await asyncio.gather(
        *(desk.post(f"{API}/reservations/{it['id']}/handover", json={}) for desk in (keeper, bob) * 3)
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    refused = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert set(refused) == {"not_now"}
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'handed_over'") == 1


async def test_neither_the_borrower_nor_a_stranger_hands_over(
    alice: Client, charlie: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town))
    assert (await act(alice, it["id"], "handover", 409))["code"] == "not_your_turn"
    for verb in ("handover", "return", "loss", "damage", "deposits"):
        answer = await charlie.post(
            f"{API}/reservations/{it['id']}/{verb}", json={"kind": "taken", "cents": 100}
        )
        assert answer.status_code == 404, verb
    assert (await charlie.get(f"{API}/reservations/{it['id']}/incidents")).status_code == 404


async def test_what_waits_for_a_yes_does_not_go_out(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town, approval="owner"))
    assert (await act(keeper, it["id"], "handover", 409))["code"] == "not_now"


async def test_another_unit_of_the_same_kind_may_go_instead(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=3)
    it = await asked(alice, item)
    (foreseen,) = it["units"]
    theirs = await asked(bob, item)
    last = next(one for one in await units_of(item) if one.id not in {foreseen, *theirs["units"]})
    told = await act(keeper, it["id"], "handover", units=[last.code])
    assert (told["units"], told["codes"]) == ([last.id], [last.code])
    # The one that Bob was promised may go too: he gets another.
    (promised,) = theirs["units"]
    third = await asked(alice, item, start=0.2, end=40)
    await act(keeper, third["id"], "handover", units=[promised])
    moved = (await bob.get(f"{API}/reservations/{theirs['id']}")).json()
    assert moved["units"] == [
        next(one.id for one in await units_of(item) if one.id not in {last.id, promised})
    ]


async def test_what_somebody_has_goes_to_nobody_else(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, units=2)
    gone = await out(alice, keeper, item)
    it = await asked(bob, item)
    told = await act(keeper, it["id"], "handover", 409, units=gone["codes"])
    assert told["code"] == "unit_taken"


async def test_a_unit_of_something_else_is_not_of_the_loan(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town))
    (other,) = await units_of(await lent(town, "Banc"))
    assert (await act(keeper, it["id"], "handover", 409, units=[other.code]))["code"] == "not_of_loan"
    assert (await act(keeper, it["id"], "handover", 409, units=["RIEN-9"]))["code"] == "not_of_loan"
    assert (await act(keeper, it["id"], "handover", 422, units=[]))["errors"].keys() == {"units"}


async def test_some_go_today_and_the_others_later(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town, units=3), quantity=3)
    first, *others = it["units"]
    told = await act(keeper, it["id"], "handover", units=[first])
    assert told["state"] == "out"
    assert await fetch_value("SELECT count(*) FROM booking_holding") == 1
    await act(keeper, it["id"], "handover", units=others)
    assert await fetch_value("SELECT count(*) FROM booking_holding") == 3


async def test_a_kit_goes_out_whole(alice: Client, keeper: Client, town: Town) -> None:
    tables, benches = await lent(town, "Table", units=2), await lent(town, "Banc", units=4)
    it = await asked(alice, await kit(town, "Repas", (tables, 1), (benches, 2)))
    told = await act(keeper, it["id"], "handover", conditions={it["codes"][0]: "worn"})
    assert (told["state"], len(told["units"])) == ("out", 3)
    seen = await fetch("SELECT condition FROM condition_report ORDER BY condition")
    assert [row["condition"] for row in seen] == ["good", "good", "worn"]


async def test_after_the_event_it_takes_a_reason(alice: Client, keeper: Client, town: Town) -> None:
    it = await asked(alice, await lent(town))
    at = earlier(hours=5)
    assert (await act(keeper, it["id"], "handover", 422, at=at))["errors"].keys() == {"reason"}
    told = await act(keeper, it["id"], "handover", at=at, reason="Hors réseau ce matin")
    assert datetime.fromisoformat(told["out_at"]) == datetime.fromisoformat(at)
    assert told["events"][-1]["words"] == "Hors réseau ce matin"


@pytest.mark.parametrize(
    ("at", "code"), [(timedelta(days=-31), "too_long_ago"), (timedelta(hours=1), "not_yet")], ids=str
)
async def test_neither_long_ago_nor_to_come(
    alice: Client, keeper: Client, town: Town, at: timedelta, code: str
) -> None:
    it = await asked(alice, await lent(town))
    said = {"at": (datetime.now(UTC) + at).isoformat(), "reason": "Oubli"}
    assert (await act(keeper, it["id"], "handover", 422, **said))["code"] == code


async def test_nothing_is_noted_before_the_last_hands_it_was_in(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town)
    gone = await out(alice, keeper, item)
    await act(keeper, gone["id"], "return")
    it = await asked(bob, item)
    told = await act(keeper, it["id"], "handover", 409, at=earlier(hours=1), reason="Oubli")
    assert told["code"] == "before_last_event"


async def test_the_borrower_who_showed_who_they_are_is_remembered_by_who_saw_it(
    alice: Client, keeper: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town))
    await act(keeper, it["id"], "handover", identity=True)
    event = (
        await fetch("SELECT data ->> 'identity' AS seen, by_id FROM loan_event ORDER BY id DESC LIMIT 1")
    )[0]
    assert (event["seen"], event["by_id"]) == ("true", town["redoute"])


async def test_under_a_mandate_for_other_things_nobody_hands_over(
    alice: Client, keeper: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town))
    someone = replace(
        somebody(town, "redoute"), behalf=Behalf(town["charlie"], "Charlie", 1, frozenset({"help"}))
    )
    with pytest.raises(OutOfScope):
        await hand_over(await Loan.get(id=it["id"]), by=someone)
