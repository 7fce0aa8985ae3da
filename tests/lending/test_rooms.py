"""Rooms, desks and machines: by the hour on their page, and every week at the same hour."""

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Browser

from echange import booking
from echange.booking import Period, Rules
from echange.http.dates import today
from echange.lending import Item, Lender
from echange.lending.models import Loan, RefusedAsk
from echange.lending.models.training import Trained, Training
from echange.lending.weekly import NotThatWeek, OnlyOnTheSpot, ask_weekly, windows
from tests.conftest import Served, signed_in_context
from tests.lending.things import lent, redoute, somebody
from tests.neighbours import Town
from tests.places.houses import forge

PARIS: Final = ZoneInfo("Europe/Paris")
BY_THE_HOUR: Final = Rules(min_minutes=60, max_minutes=240, spans=False, step=30)
OPEN: Final = [booking.Opening(day, 9 * 60, 18 * 60) for day in range(7)]
LINK: Final = re.compile(r'id="(de|a)-(\d{4})" href="([^"]+)"')


async def room(town: Town, **said: Any) -> Item:
    """A room of the association's place, open every day from nine to six."""
    place = await forge(name="La Maison", hours=OPEN, organisation_id=(await redoute(town)).id)
    lender = await Lender.of(place_id=place.id)
    return await lent(
        town, "Salle du haut", kind="room", lender=lender, terms=said.pop("terms", BY_THE_HOUR), **said
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def hours(page: str, name: str) -> list[str]:
    """The hours that can be chosen: at which to begin (de) or to end (a)."""
    return [hour for which, hour, _url in LINK.findall(page) if which == name]


async def taken(town: Town, item: Item, day: date, first: int, last: int, by: str = "bob") -> Loan:
    return await Loan.ask(item, by=somebody(town, by), period=Period(at(day, first), at(day, last)))


async def test_a_day_shows_from_when_it_is_free(orm: None, town: Town, client: httpx.AsyncClient) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    await taken(town, item, day, 11, 13)
    page = (await client.get(f"{item.url}?du={day}")).text
    starts = hours(page, "de")
    assert starts[:3] == ["0900", "0930", "1000"]
    assert not {"1030", "1100", "1200", "1230", "1730"} & set(starts)
    assert {"1300", "1700"} <= set(starts)
    assert "Bob" not in page, "a day is taken, not by whom"


async def test_the_end_follows_the_start_as_long_as_it_is_free(
    orm: None, town: Town, client: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    await taken(town, item, day, 11, 13)
    page = (await client.get(f"{item.url}?du={day}&retrait=09:00")).text
    assert hours(page, "a") == ["1000", "1030", "1100"]
    page = (await client.get(f"{item.url}?du={day}&retrait=13:00")).text
    assert hours(page, "a")[-1] == "1700", "four hours at most"
    page = (await client.get(f"{item.url}?du={day}&retrait=16:30")).text
    assert hours(page, "a")[-1] == "1800", "until it closes"


async def test_a_room_is_booked_by_following_links_alone(
    orm: None, town: Town, alice: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    page = (await alice.get(item.url)).text
    assert "Quand" in page
    page = (await alice.get(f"{item.url}?du={day}")).text
    _which, _hour, start = next(found for found in LINK.findall(page) if found[1] == "1000")
    page = (await alice.get(start.replace("&amp;", "&"))).text
    _which, _hour, end = next(found for found in LINK.findall(page) if found[:2] == ("a", "1130"))
    page = (await alice.get(end.replace("&amp;", "&"))).text
    fields = dict(re.findall(r'name="(start|end|quantity|once)" value="([^"]*)"', page))
    answer = await alice.post(f"/prets/{item.id}/demande", data={**fields, "purpose": "Réunion"})
    assert answer.status_code == 303
    loan = await Loan.get(item_id=item.id)
    assert (loan.starts_at, loan.ends_at) == (at(day, 10), at(day, 11, 30))


@pytest.mark.parametrize(
    "query",
    [
        "du=x",
        "du=9999-12-31",
        "du=2001-01-01",
        "retrait=99",
        "du=2027-03-28&retrait=02:30",
        "jour=2026-02-30",
    ],
)
async def test_strange_choices_show_a_day_all_the_same(
    orm: None, town: Town, client: httpx.AsyncClient, query: str
) -> None:
    item = await room(town)
    assert (await client.get(f"{item.url}?{query}")).status_code == 200


async def test_shown_free_is_free_and_shown_taken_is_taken(
    orm: None, town: Town, client: httpx.AsyncClient
) -> None:
    item, day = (
        await room(town, terms=Rules(60, 0, 60, 120, spans=False, step=60)),
        today() + timedelta(days=3),
    )
    await taken(town, item, day, 12, 13)
    page = (await client.get(f"{item.url}?du={day}")).text
    free = set(hours(page, "de"))
    assert item.model_id is not None
    for hour in range(9, 18):
        refusal = await booking.can_take({item.model_id: 1}, Period(at(day, hour), at(day, hour + 1)))
        assert (f"{hour:02}00" in free) == (refusal is None), hour


@pytest.mark.browser
async def test_a_room_is_booked_by_keyboard_in_a_browser(
    orm: None, town: Town, served: Served, browser: Browser
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    context = await signed_in_context(browser, served, "alice")
    page = await context.new_page()
    await page.goto(item.url)
    for key in (f"jour-{day}", "de-1000", "a-1200"):
        if await page.locator(f"#{key}").count() == 0:
            await page.locator("[data-wired~=calendar] .when-turn:last-child").press("Enter")
        await page.locator(f"[data-wired~=calendar] #{key}").press("Enter")
        await page.wait_for_selector(f"#{key}[aria-current]")
        assert await page.evaluate("document.activeElement.id") == key, "focus stays where one is"
    await page.get_by_role("button", name="Réserver", exact=True).press("Enter")
    await page.wait_for_url("**/prets/demandes/*")
    loan = await Loan.get(item_id=item.id)
    assert (loan.starts_at, loan.ends_at) == (at(day, 10), at(day, 12))


async def test_two_who_book_the_same_hour_are_one_and_a_refusal(
    orm: None, town: Town, alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    body = {"start": at(day, 10).isoformat(), "end": at(day, 11).isoformat()}
    path = f"/api/v1/items/{item.id}/reservations"
    answers = await asyncio.gather(*(one.post(path, json=body) for one in (alice, bob, alice, bob)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_every_week_at_the_same_hour_across_the_change_of_clocks() -> None:
    sunday = date(2027, 3, 28)
    first = Period(at(date(2027, 3, 23), 18), at(date(2027, 3, 23), 20))
    spring = windows(first, 3)
    assert [one.start.astimezone(PARIS).hour for one in spring] == [18, 18, 18]
    assert spring[1].start - spring[0].start == timedelta(days=7) - timedelta(hours=1)
    assert spring[1].start.astimezone(PARIS).date() > sunday


async def test_every_week_is_a_loan_each(orm: None, town: Town, alice: httpx.AsyncClient) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    form = {
        "start": at(day, 10).isoformat(),
        "end": at(day, 12).isoformat(),
        "weeks": "4",
        "once": "une",
    }
    for _again in range(2):
        answer = await alice.post(f"/prets/{item.id}/chaque-semaine", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/moi/prets")
    loans = await Loan.filter(item_id=item.id).order_by("starts_at")
    assert [loan.starts_at for loan in loans] == [at(day + timedelta(days=7 * n), 10) for n in range(4)]
    assert {loan.state for loan in loans} == {"approved"}


async def test_one_week_that_is_taken_undoes_all_and_is_named(
    orm: None, town: Town, alice: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    third = day + timedelta(days=14)
    await taken(town, item, third, 10, 11)
    with pytest.raises(NotThatWeek):
        await ask_weekly(item, by=somebody(town, "alice"), first=Period(at(day, 10), at(day, 12)), weeks=4)
    window = {"start": at(day, 10).isoformat(), "end": at(day, 12).isoformat()}
    form = {**window, "weeks": "4", "purpose": "Chœur"}
    answer = await alice.post(f"/prets/{item.id}/chaque-semaine", data=form)
    assert answer.status_code == 422
    assert f"{third.day} " in answer.text
    assert 'value="Chœur"' in answer.text
    assert await Loan.filter(borrower_id=town["alice"]).count() == 0
    assert [one.starts_at for one in await RefusedAsk.all()] == [at(third, 10)], (
        "it is counted as lacking, once"
    )
    assert await booking.can_take({item.model_id or 0: 1}, Period(at(day, 10), at(day, 12))) is None


async def test_what_is_to_be_read_is_agreed_to_once_for_all_weeks(
    orm: None, town: Town, alice: httpx.AsyncClient
) -> None:
    item, day = await room(town, deposit_cents=5000, rules="Ranger les chaises."), today() + timedelta(days=3)
    window = {"start": at(day, 10).isoformat(), "end": at(day, 12).isoformat()}
    form = {**window, "weeks": "3", "purpose": "Chœur"}
    refused = await alice.post(f"/prets/{item.id}/chaque-semaine", data=form)
    assert refused.status_code == 422
    assert 'href="#f-read"' in refused.text
    assert refused.text.count("Ranger les chaises.") == 2, "in the rules, and beside the box"
    assert 'value="Chœur"' in refused.text
    assert await Loan.all().count() == 0
    answer = await alice.post(f"/prets/{item.id}/chaque-semaine", data={**form, "read": "on"})
    assert answer.status_code == 303
    assert [loan.state for loan in await Loan.filter(item_id=item.id)] == ["approved"] * 3


async def test_what_only_asks_for_a_training_is_asked_for_in_one_step(
    orm: None, town: Town, alice: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    training = await Training.create(name="Découpe laser", lender_id=item.lender_id)
    await Item.filter(id=item.id).update(training_id=training.id)
    window = {"start": at(day, 10).isoformat(), "end": at(day, 12).isoformat(), "quantity": "1"}
    assert (await alice.post(f"/prets/{item.id}/demande", data=window)).status_code == 422
    await Trained.create(training=training, member_id=town["alice"])
    assert (await alice.post(f"/prets/{item.id}/demande", data=window)).status_code == 303
    assert (await Loan.get(item_id=item.id)).state == "approved"
    await Item.filter(id=item.id).update(deposit_cents=1000)
    later = {**window, "start": at(day, 14).isoformat(), "end": at(day, 15).isoformat()}
    assert (await alice.post(f"/prets/{item.id}/demande", data=later)).status_code == 303
    assert (await Loan.filter(item_id=item.id).order_by("-id").first()).state == "held"  # type: ignore[union-attr]


@pytest.mark.parametrize("weeks", ["1", "27", "x", ""])
async def test_too_many_weeks_are_refused(
    orm: None, town: Town, alice: httpx.AsyncClient, weeks: str
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    form = {"start": at(day, 10).isoformat(), "end": at(day, 12).isoformat(), "weeks": weeks}
    assert (await alice.post(f"/prets/{item.id}/chaque-semaine", data=form)).status_code == 422
    assert await Loan.all().count() == 0


async def test_a_room_begins_and_ends_and_is_neither_collected_nor_brought_back(
    orm: None, town: Town, alice: httpx.AsyncClient, keeper: httpx.AsyncClient
) -> None:
    item, day = await room(town, approval="owner"), today() + timedelta(days=3)
    it = await taken(town, item, day, 10, 12, by="alice")
    await it.approve(by=somebody(town, "redoute"))
    await it.prepare(by=somebody(town, "redoute"))
    told = (await alice.get("/avis")).text
    assert "C’est d’accord pour" in told
    assert "retrait" not in told
    for state in ("requested", "approved", "ready", "at_risk", "out", "returned", "no_show"):
        await Loan.filter(id=it.id).update(state=state)
        for client in (alice, keeper):
            page = (await client.get(it.url)).text
            assert "<dt>Début</dt>" in page, state
            assert "<dt>Fin</dt>" in page, state
            assert not re.search("Retrait|Retour<|[Rr]etirer|Retiré|rapporter|chercher<|chez vous", page), (
                state
            )
        for way in ("/moi/prets", "/prets/tableau"):
            assert "retirer" not in (await alice.get(way)).text.lower(), state
    await Loan.filter(id=it.id).update(
        state="out",
        starts_at=at(today() - timedelta(days=2), 10),
        ends_at=at(today() - timedelta(days=1), 10),
    )
    assert "C’était à libérer" in (await alice.get(it.url)).text
    assert "Retrait" not in (await alice.get(f"{it.url}/prolongation")).text


async def test_a_thing_is_collected_and_brought_back(orm: None, town: Town, alice: httpx.AsyncClient) -> None:
    drill, day = await lent(town, "Perceuse"), today() + timedelta(days=3)
    it = await taken(town, drill, day, 10, 12, by="alice")
    page = (await alice.get(it.url)).text
    assert "<dt>Retrait</dt>" in page
    assert "À retirer" in page


async def test_only_what_is_used_on_the_spot_is_booked_every_week(orm: None, town: Town) -> None:
    drill, day = await lent(town, "Perceuse"), today() + timedelta(days=3)
    with pytest.raises(OnlyOnTheSpot):
        await ask_weekly(drill, by=somebody(town, "alice"), first=Period(at(day, 10), at(day, 12)), weeks=2)


async def test_a_place_tells_what_is_used_and_lent_there(
    orm: None, town: Town, client: httpx.AsyncClient
) -> None:
    item = await room(town)
    lender = await Lender.get(id=item.lender_id)
    await lent(town, "Perceuse", lender=lender)
    page = (await client.get("/lieux/la-maison")).text
    assert page.index("À utiliser sur place") < page.index("Salle du haut") < page.index("À emprunter ici")
    assert page.index("À emprunter ici") < page.index("Perceuse")


async def test_a_closure_tells_who_booked_the_room(
    orm: None, town: Town, keeper: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    item, day = await room(town), today() + timedelta(days=3)
    await taken(town, item, day, 10, 12)
    answer = await keeper.post("/lieux/la-maison/horaires/fermetures", data={"first_day": day.isoformat()})
    page = (await keeper.get(answer.headers["location"])).text
    assert "Salle du haut" in page
    assert "Salle du haut" in (await bob.get("/avis")).text
    assert (await Loan.get(item_id=item.id)).state == "approved", "nothing is deleted"
