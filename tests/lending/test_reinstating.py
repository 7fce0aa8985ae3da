"""Nobody came, it was said, and that was a mistake: what is left of the window is theirs again."""

from typing import Any

import httpx
import pytest

from echange.booking import Rules
from echange.database import execute, fetch_value
from echange.lending.schedule import tick
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import act, kinds_told
from tests.lending.test_deciding import replay, taken
from tests.lending.things import kit, lent
from tests.neighbours import Town

Client = httpx.AsyncClient


async def missed(borrower: Client, keeper: Client, item_id: int, hours: int = 30, **body: Any) -> Any:
    """A loan noted as not collected, which was to last for some days more."""
    it = await ask(borrower, item_id, **body)
    await execute(
        "UPDATE loan SET starts_at = now() - make_interval(hours => $2) WHERE id = $1", it["id"], hours
    )
    return await act(keeper, it["id"], "absence")


async def test_what_is_left_of_the_window_is_theirs_again(alice: Client, keeper: Client, town: Town) -> None:
    # Neither the least length nor the notice is asked about again: it was granted before.
    item = await lent(town, units=2, terms=Rules(min_minutes=1440, lead_open_days=1))
    it = await missed(alice, keeper, item.id, quantity=2)
    assert (it["state"], it["next"]) == ("no_show", ["reinstatement"])
    assert await taken() == 0
    told = await act(keeper, it["id"], "reinstatement")
    assert (told["state"], len(told["units"]), told["end"]) == ("approved", 2, it["end"])
    assert told["start"] > it["start"]
    assert await taken() == 2
    assert await replay(it["id"]) == "approved"
    assert (await kinds_told(town["alice"]))[-2:] == ["loan_no_show", "loan_reinstated"]
    # Said twice, it counts once; and the clock does not take it away again at once.
    await act(keeper, it["id"], "reinstatement")
    await tick()
    assert await fetch_value("SELECT count(*) FROM loan_event WHERE kind = 'reinstated'") == 1
    assert (await act(keeper, it["id"], "handover"))["state"] == "out"


async def test_a_kit_comes_back_whole(alice: Client, keeper: Client, town: Town) -> None:
    table, bench = await lent(town, "Table", units=1), await lent(town, "Banc", units=2)
    made = await kit(town, "Coin repas", (table, 1), optional=((bench, 2),))
    it = await missed(alice, keeper, made.id, parts=[bench.id])
    assert len((await act(keeper, it["id"], "reinstatement"))["units"]) == 3


async def test_only_who_lends_it_says_so(alice: Client, bob: Client, keeper: Client, town: Town) -> None:
    it = await missed(alice, keeper, (await lent(town)).id)
    assert (await act(alice, it["id"], "reinstatement", 409))["code"] == "not_your_turn"
    await act(bob, it["id"], "reinstatement", 404)
    assert (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["next"] == []
    assert "C’était une erreur" not in (await alice.get(it["url"])).text
    other = await ask(alice, (await lent(town, "Banc")).id)
    assert (await act(keeper, other["id"], "reinstatement", 409))["code"] == "not_now"


async def test_what_somebody_else_has_by_now_is_named(
    alice: Client, bob: Client, keeper: Client, town: Town
) -> None:
    item = await lent(town, "Barnum")
    it = await missed(alice, keeper, item.id)
    await ask(bob, item.id, **window(4, 6))
    refused = await act(keeper, it["id"], "reinstatement", 409)
    assert refused["code"] == "taken_since"
    assert "Barnum" in refused["title"]
    page = await keeper.post(f"{it['url']}/erreur")
    assert page.status_code == 422
    assert "peut demander d’autres dates" in page.text
    assert (await alice.get(f"/api/v1/reservations/{it['id']}")).json()["state"] == "no_show"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE loan SET moved_at = now() - interval '8 days'", "mistake_too_old"),
        ("UPDATE loan SET ends_at = now() - interval '1 hour'", "window_over"),
        ("UPDATE member SET paused_at = now() WHERE handle = 'alice'", "borrower_gone"),
        ("UPDATE item SET withdrawn_at = now()", "not_for_loan"),
    ],
)
async def test_it_is_too_late_for_that(
    statement: str, code: str, alice: Client, keeper: Client, town: Town
) -> None:
    it = await missed(alice, keeper, (await lent(town)).id)
    await execute(statement)
    assert (await act(keeper, it["id"], "reinstatement", 409))["code"] == code
    assert await taken() == 0


async def test_the_page_has_a_button_for_it_for_a_week(alice: Client, keeper: Client, town: Town) -> None:
    it = await missed(alice, keeper, (await lent(town)).id, start=in_days(2), end=in_days(5))
    assert "C’était une erreur" in (await keeper.get(it["url"])).text
    await execute("UPDATE loan SET moved_at = now() - interval '8 days'")
    assert "C’était une erreur" not in (await keeper.get(it["url"])).text
    await execute("UPDATE loan SET moved_at = now() - interval '6 days'")
    assert (await keeper.post(f"{it['url']}/erreur")).status_code == 303
    page = (await alice.get(it["url"])).text
    assert "C’est accordé" in page
    assert "le prêt tient toujours" in page
