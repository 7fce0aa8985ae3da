"""The deposit book comes to nothing in the end, and never goes below it."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from echange.database import fetch_value
from echange.http.dates import now
from echange.lending.models import Deposit
from tests.lending.desk_things import API, Client, act, asked, out
from tests.lending.things import lent, redoute
from tests.neighbours import Town

TAKEN: Final[dict[str, Any]] = {"kind": "taken", "cents": 8000}


async def test_it_is_taken_at_the_counter_and_given_back_when_all_is_well(
    alice: Client, keeper: Client, town: Town
) -> None:
    it = await asked(alice, await lent(town, deposit_cents=8000))
    await act(keeper, it["id"], "handover", deposit={"cents": 8000, "means": "cash"})
    book = (await keeper.get(f"{API}/deposits")).json()
    assert book["total"] == {"taken": 8000, "returned": 0, "kept": 0, "left": 8000}
    assert [(one["loan"], one["cents"], one["means"]) for one in book["held"]] == [(it["id"], 8000, "cash")]
    await act(keeper, it["id"], "return")
    assert (await act(keeper, it["id"], "closing", 409))["code"] == "deposit_not_settled"
    told = await act(keeper, it["id"], "deposits", kind="returned", cents=8000)
    assert told["left"] == 0
    assert (await keeper.get(f"{API}/reservations/{it['id']}")).json()["state"] == "closed"
    book = (await keeper.get(f"{API}/deposits")).json()
    assert (book["held"], book["total"]["left"]) == ([], 0)


async def test_both_sides_have_a_receipt_and_nobody_else(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    it = await out(alice, keeper, await lent(town, "Barnum", deposit_cents=8000))
    page, api = f"/prets/demandes/{it['id']}", f"{API}/reservations/{it['id']}/deposits"
    receipt = f"{page}/caution/recu"
    assert (await alice.get(receipt)).status_code == 404, "nothing was taken yet"
    assert receipt not in (await alice.get(page)).text
    await act(keeper, it["id"], "deposits", kind="taken", cents=8000, means="cash")
    for side in (alice, keeper):
        assert receipt in (await side.get(page)).text
        told = (await side.get(receipt)).text
        for words in ("Barnum", "Alice Morel", "80 €", "Espèces", "Encore gardé\u00a0: 80"):
            assert words in told, words
        lines = (await side.get(api)).json()["lines"]
        assert [(one["kind"], one["cents"], one["means"]) for one in lines] == [("taken", 8000, "cash")]
    await act(keeper, it["id"], "deposits", kind="returned", cents=8000)
    assert "Plus rien n’est gardé" in (await alice.get(receipt)).text
    assert [one["kind"] for one in (await alice.get(api)).json()["lines"]] == ["taken", "returned"]
    for stranger_asks in (receipt, api):
        assert (await bob.get(stranger_asks)).status_code == 404


async def test_no_more_is_given_back_than_was_taken(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000))
    await act(keeper, gone["id"], "deposits", **TAKEN)
    told = await act(keeper, gone["id"], "deposits", 409, kind="returned", cents=8001)
    assert told["code"] == "deposit_too_low"
    with pytest.raises(asyncpg.CheckViolationError, match="more than the deposit"):
        await fetch_value(
            "INSERT INTO deposit (kind, cents, loan_id) VALUES ('kept', 8001, $1) RETURNING id", gone["id"]
        )


async def test_no_loan_is_closed_while_some_is_held(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000))
    await act(keeper, gone["id"], "deposits", **TAKEN)
    await act(keeper, gone["id"], "return")
    with pytest.raises(asyncpg.CheckViolationError, match="is not settled"):
        await fetch_value("UPDATE loan SET state = 'closed' WHERE id = $1 RETURNING id", gone["id"])


async def test_eight_clicks_take_and_give_back_once(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000))
    url = f"{API}/reservations/{gone['id']}/deposits"
    for body in (TAKEN, {"kind": "returned", "cents": 8000}):
        answers = await asyncio.gather(*(keeper.post(url, json=body) for _ in range(8)))
        assert {answer.status_code for answer in answers} == {200}
    assert [one.kind for one in await Deposit.all().order_by("id")] == ["taken", "returned"]


async def test_more_than_was_agreed_is_not_taken(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=2, deposit_cents=1000), quantity=2)
    assert (await act(keeper, gone["id"], "deposits", 409, kind="taken", cents=2001))[
        "code"
    ] == "deposit_too_high"
    assert (await act(keeper, gone["id"], "deposits", kind="taken", cents=2000))["left"] == 2000
    free = await out(alice, keeper, await lent(town, "Banc"))
    assert (await act(keeper, free["id"], "deposits", 409, kind="taken", cents=100))["code"] == "no_deposit"


@pytest.mark.parametrize("cents", [0, -5, 1.5, True, 10_000_001], ids=str)
async def test_an_amount_is_whole_cents(alice: Client, keeper: Client, town: Town, cents: object) -> None:
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000))
    answer = await keeper.post(
        f"{API}/reservations/{gone['id']}/deposits", json={"kind": "taken", "cents": cents}
    )
    assert answer.status_code == 422, answer.text


async def test_the_book_is_the_lenders_alone(alice: Client, bob: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, deposit_cents=8000))
    await act(keeper, gone["id"], "deposits", **TAKEN)
    assert (await act(alice, gone["id"], "deposits", 409, **TAKEN))["code"] == "not_your_turn"
    assert (await bob.get(f"{API}/deposits")).json()["held"] == []
    lender = (await keeper.get(f"{API}/reservations/{gone['id']}")).json()["lender"]
    assert (await bob.get(f"{API}/deposits?lender={lender}")).status_code == 404


async def test_a_second_click_counts_once_even_if_more_may_be_taken(
    alice: Client, keeper: Client, town: Town
) -> None:
    gone = await out(alice, keeper, await lent(town, units=2, deposit_cents=1000), quantity=2)
    for kind in ("taken", "returned"):
        for _ in range(2):
            await act(keeper, gone["id"], "deposits", kind=kind, cents=500)
    assert [one.kind for one in await Deposit.all().order_by("id")] == ["taken", "returned"]


async def test_the_same_sum_later_is_another_one(alice: Client, keeper: Client, town: Town) -> None:
    gone = await out(alice, keeper, await lent(town, units=2, deposit_cents=1000), quantity=2)
    await act(keeper, gone["id"], "deposits", kind="taken", cents=500)
    await Deposit.all().update(at=now() - timedelta(minutes=2))
    assert (await act(keeper, gone["id"], "deposits", kind="taken", cents=500))["left"] == 1000


async def test_one_gives_oneself_no_deposit_back_where_others_could(
    bob: Client, keeper: Client, town: Town
) -> None:
    await redoute(town, "bob")
    gone = await out(bob, keeper, await lent(town, deposit_cents=1000))
    await act(keeper, gone["id"], "deposits", kind="taken", cents=1000)
    refused = await act(bob, gone["id"], "deposits", 409, kind="returned", cents=1000)
    assert refused["code"] == "not_your_turn"
    assert (await act(keeper, gone["id"], "deposits", kind="returned", cents=1000))["left"] == 0
