"""Loans in people's own calendars: valid, up to date, and nobody's name but one's own in them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from structlog.testing import capture_logs

from echange.database import execute, fetch_value
from echange.http.icalendar import Appointment, feed
from echange.lending import Item
from echange.lending.models import CalendarKey, Maintenance, Unit
from echange.places import Place
from tests.lending.asking import ask, in_days, window
from tests.lending.desk_things import act
from tests.lending.things import association_lender, kit, lent, redoute, somebody
from tests.neighbours import Town

Client = httpx.AsyncClient


async def opened(client: Client, lenders: int = 0) -> list[str]:
    """The addresses of their calendars, made anew."""
    answer = await client.post("/api/v1/me/calendar")
    assert answer.status_code == 201, answer.text
    urls = [one["url"].removeprefix("http://127.0.0.1:8000") for one in answer.json()["calendars"]]
    assert len(urls) == (2 + lenders if lenders else 1)
    return urls


async def read(client: Client, url: str) -> list[Any]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return check(answer.content)


def check(content: bytes) -> list[Any]:
    """Its events, after all that RFC 5545 asks of every calendar."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    calendar: Any = Calendar.from_ical(content)
    assert (calendar["version"], bool(calendar["prodid"]), "method" in calendar) == ("2.0", True, False)
    assert calendar["x-wr-calname"]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content
    assert b"X-PUBLISHED-TTL:PT1H" in content
    assert calendar.subcomponents
    events = list(calendar.walk("VEVENT"))
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"} <= event.keys()
        assert event.start < event.end
        assert event.start.utcoffset() == event.end.utcoffset() == timedelta(0)
        assert event["url"].startswith("http://127.0.0.1:8000/")
    assert len({event["uid"] for event in events}) == len(events)
    return events


def only(events: Sequence[Any]) -> Any:
    (event,) = events
    return event


async def test_a_calendar_follows_a_loan_from_request_to_return(
    alice: Client, keeper: Client, client: Client, town: Town
) -> None:
    item = await lent(town, "Vidéoprojecteur", approval="owner")
    [url] = await opened(alice)
    assert await read(client, url) == [], "an empty calendar is valid too"
    it = await ask(alice, item.id)
    asked = only(await read(client, url))
    assert asked["uid"] == f"loan-{it['id']}@127.0.0.1"
    assert (asked["status"], asked["summary"]) == ("TENTATIVE", "Emprunt à confirmer\u00a0: Vidéoprojecteur")
    assert (asked.start.isoformat(), asked.end.isoformat()) == (in_days(3), in_days(5))
    assert "Retrait" in asked["description"]
    assert "Retour" in asked["description"]
    await act(keeper, it["id"], "approval")
    agreed = only(await read(client, url))
    assert (agreed["uid"], agreed["status"]) == (asked["uid"], "CONFIRMED")
    assert (await alice.patch(f"/api/v1/reservations/{it['id']}", json=window(6, 8))).status_code == 200
    moved = only(await read(client, url))
    assert (moved["uid"], moved.start.isoformat()) == (asked["uid"], in_days(6))
    await act(alice, it["id"], "cancellation")
    gone = only(await read(client, url))
    assert (gone["uid"], gone["status"]) == (asked["uid"], "CANCELLED")
    sequences = [one["sequence"] for one in (asked, agreed, moved, gone)]
    assert sequences == sorted(set(sequences)), "each later than the one before"


async def test_what_was_called_off_is_told_for_thirty_days(alice: Client, client: Client, town: Town) -> None:
    [url] = await opened(alice)
    it = await ask(alice, (await lent(town)).id)
    await act(alice, it["id"], "cancellation")
    await execute("UPDATE loan SET moved_at = now() - interval '29 days'")
    assert only(await read(client, url))["status"] == "CANCELLED"
    await execute("UPDATE loan SET moved_at = now() - interval '31 days'")
    assert await read(client, url) == []


async def test_what_was_only_held_is_never_told(alice: Client, client: Client, town: Town) -> None:
    [url] = await opened(alice)
    item = await lent(town)
    it = await ask(alice, item.id, hold=True)
    assert await read(client, url) == []
    await act(alice, it["id"], "cancellation")
    assert await read(client, url) == []
    assert await read(client, f"/prets/{item.id}/agenda.ics") == []


async def test_a_reminder_changes_no_calendar(alice: Client, client: Client, town: Town) -> None:
    [url] = await opened(alice)
    it = await ask(alice, (await lent(town)).id)
    before = (await client.get(url)).content
    await execute("INSERT INTO loan_event (loan_id, kind, data) VALUES ($1, 'reminded', '{}')", it["id"])
    assert (await client.get(url)).content == before


async def test_whoever_has_it_already_is_told_so(alice: Client, client: Client, town: Town) -> None:
    item = await lent(town)
    [url] = await opened(alice)
    for address, kept in ((url, "private, no-store"), (f"/prets/{item.id}/agenda.ics", "no-cache")):
        first = await client.get(address)
        assert first.headers["cache-control"] == kept
        known = {"if-none-match": f'W/{first.headers["etag"]}, "other"'}
        again = await client.get(address, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        since = {"if-modified-since": first.headers["last-modified"]}
        assert (await client.get(address, headers=since)).status_code == 304
        head = await client.head(address)
        assert (head.status_code, head.headers["etag"]) == (200, first.headers["etag"])
    known = {"if-none-match": (await client.get(url)).headers["etag"]}
    await ask(alice, item.id)
    assert (await client.get(url, headers=known)).status_code == 200


async def test_a_secret_is_shown_once_and_ends_with_the_next(
    alice: Client, client: Client, town: Town
) -> None:
    page = await alice.post("/moi/calendriers")
    assert page.status_code == 201
    assert page.headers["cache-control"] == "no-store"
    url = page.text.split("<code>http://127.0.0.1:8000")[1].split("</code>")[0]
    assert (await client.get(url)).status_code == 200
    assert url not in (await alice.get("/moi/calendriers")).text
    key = url.removeprefix("/agenda/prive/").removesuffix(".ics")
    assert (
        await fetch_value(
            "SELECT count(*) FROM calendar_key WHERE encode(hash, 'escape') LIKE $1", f"%{key}%"
        )
        == 0
    )
    [other] = await opened(alice)
    assert (await client.get(url)).status_code == 404
    assert (await client.get(other)).status_code == 200
    assert (await alice.post("/moi/calendriers/retrait")).status_code == 303
    assert (await client.get(other)).status_code == 404
    assert (await alice.get("/api/v1/me/calendar")).status_code == 404


async def test_two_secrets_made_at_once_leave_one(alice: Client, client: Client, town: Town) -> None:
    made = await asyncio.gather(*(opened(alice) for _n in range(4)))
    answers = [(await client.get(url)).status_code for [url] in made]
    assert sorted(answers) == [200, 404, 404, 404]


async def test_no_log_tells_a_secret(keeper: Client, client: Client, town: Town) -> None:
    await association_lender(town)
    urls = await opened(keeper, lenders=1)
    with capture_logs() as lines:
        for url in urls:
            assert (await client.get(url)).status_code == 200
    paths = [line["path"] for line in lines if line["event"] == "request"]
    assert paths[0] == "/agenda/prive/…"
    assert paths[2].startswith("/agenda/prive/…/preteur/")


async def test_who_is_leaving_is_read_no_more(alice: Client, client: Client, town: Town) -> None:
    [url] = await opened(alice)
    await execute("UPDATE member SET leaving_at = now() WHERE id = $1", town["alice"])
    assert (await client.get(url)).status_code == 404


async def test_a_lender_s_calendar_is_for_who_manages_it(
    alice: Client, bob: Client, client: Client, town: Town
) -> None:
    await redoute(town, "bob")
    item = await lent(town, "Table pliante", units=3)
    it = await ask(alice, item.id, quantity=2)
    _mine, both, theirs = await opened(bob, lenders=1)
    for url in (both, theirs):
        event = only(await read(client, url))
        assert event["summary"] == "Prêt\u00a0: 2 × Table pliante"
        assert all(code in event["description"] for code in it["codes"])
    [hers] = await opened(alice)
    stranger = hers.removesuffix(".ics") + "/preteur/" + theirs.rpartition("/")[2]
    assert (await client.get(stranger)).status_code == 404
    await execute("DELETE FROM membership WHERE member_id = $1", town["bob"])
    assert (await client.get(theirs)).status_code == 404
    assert await read(client, both) == []


async def test_nobody_else_s_name_is_in_a_feed(
    alice: Client, bob: Client, keeper: Client, client: Client, town: Town
) -> None:
    shared = await lent(town, "Table pliante", units=3)
    bobs = await lent(town, "Perceuse", by="bob")
    await execute("UPDATE lender SET address = '3 rue Cachée', directions = 'Code 1234'")
    await ask(alice, shared.id, purpose="Anniversaire de Lucie")
    await ask(alice, bobs.id, purpose="Étagère chez Karim")
    [hers] = await opened(alice)
    urls = [hers, *await opened(bob, lenders=1), *await opened(keeper, lenders=1)]
    urls += [f"/prets/{shared.id}/agenda.ics", f"/prets/{bobs.id}/agenda.ics"]
    hidden = ("Alice", "Morel", "Traoré", "Lucie", "Karim", "Cachée", "1234", "alice")
    for url in urls:
        text = (await client.get(url)).text.replace("\r\n ", "")
        assert "BEGIN:VEVENT" in text or url == urls[1] or url == urls[4]
        mine = {"Bob", "Traoré"} if "preteur" in url else set()
        assert [word for word in hidden if word in text and word not in mine] == [], url


async def test_a_place_s_address_is_told_as_everybody_knows_it(
    alice: Client, nadia: Client, client: Client, town: Town, app: object
) -> None:
    place = await Place.make(
        by=somebody(town, "concierge", "concierge"), name="La Forge", address="12 rue du Four"
    )
    item = await lent(town, "Perceuse", place_id=place.id)
    await ask(alice, item.id)
    [url] = await opened(alice)
    assert only(await read(client, url))["location"] == "La Forge, 12 rue du Four"


async def test_a_thing_s_calendar_says_how_many_are_taken(
    alice: Client, bob: Client, client: Client, town: Town
) -> None:
    item = await lent(town, "Table pliante", units=8)
    url = f"/prets/{item.id}/agenda.ics"
    assert await read(client, url) == []
    it = await ask(alice, item.id, quantity=3)
    await ask(bob, item.id, quantity=8, **window(10, 11))
    later, first = await read(client, url)
    assert first["summary"] == "Table pliante\u00a0: 3 sur 8 pris"
    assert later["summary"] == "Pris\u00a0: Table pliante"
    assert first["uid"] == f"loan-{it['id']}-item-{item.id}@127.0.0.1"
    assert first["url"].endswith(item.url)
    await act(alice, it["id"], "cancellation")
    gone = (await read(client, url))[1]
    assert (gone["status"], gone["uid"]) == ("CANCELLED", first["uid"])
    assert gone["sequence"] > first["sequence"]


async def test_a_part_is_taken_with_its_kit(alice: Client, client: Client, town: Town) -> None:
    tables, screen = await lent(town, units=4), await lent(town, "Écran")
    party = await kit(town, "Fête", (tables, 2), optional=((screen, 1),))
    it = await ask(alice, party.id)
    event = only(await read(client, f"/prets/{tables.id}/agenda.ics"))
    assert event["summary"].endswith("2 sur 4 pris")
    assert only(await read(client, f"/prets/{party.id}/agenda.ics"))["summary"].endswith("1 sur 2 pris")
    assert await read(client, f"/prets/{screen.id}/agenda.ics") == [], "it was not asked for"
    await act(alice, it["id"], "cancellation")
    assert only(await read(client, f"/prets/{tables.id}/agenda.ics"))["status"] == "CANCELLED"


async def test_what_is_late_is_taken_for_longer_and_says_so_in_a_later_version(
    alice: Client, client: Client, town: Town
) -> None:
    item = await lent(town)
    it = await ask(alice, item.id)
    url = f"/prets/{item.id}/agenda.ics"
    before = only(await read(client, url))
    await execute(
        """UPDATE loan SET state = 'out', starts_at = now() - interval '5 days',
               ends_at = now() - interval '2 days'
           WHERE id = $1""",
        it["id"],
    )
    late = only(await read(client, url))
    assert late.end > datetime.now(UTC) + timedelta(days=2)
    assert late["sequence"] > before["sequence"]
    await execute("UPDATE loan SET state = 'returned', version = version + 1, returned_at = now()")
    assert only(await read(client, url))["sequence"] > late["sequence"]


async def test_a_thing_in_repair_is_taken(alice: Client, client: Client, town: Town) -> None:
    item = await lent(town)
    unit = await Unit.get(item_id=item.id)
    start = datetime.now(UTC) + timedelta(days=1)
    keeper = somebody(town, "redoute")
    planned, _displaced = await Maintenance.plan(
        unit, start, start + timedelta(days=2), "Courroie", by=keeper
    )
    event = only(await read(client, f"/prets/{item.id}/agenda.ics"))
    assert event["summary"] == "Pris\u00a0: Table pliante"
    assert "Courroie" not in str(event)
    await planned.end(by=keeper)
    ended = only(await read(client, f"/prets/{item.id}/agenda.ics"))
    assert (ended["status"], ended["uid"]) == ("CANCELLED", event["uid"])
    assert ended["sequence"] > event["sequence"]


async def test_what_one_may_not_see_has_no_calendar(keeper: Client, client: Client, town: Town) -> None:
    draft = await lent(town, publish=False)
    assert (await client.get(f"/prets/{draft.id}/agenda.ics")).status_code == 404
    assert (await keeper.get(f"/prets/{draft.id}/agenda.ics")).status_code == 200
    for url in (
        "/prets/987654/agenda.ics",
        "/agenda/prive/personne.ics",
        "/agenda/prive/personne/preteur/1.ics",
    ):
        assert (await client.get(url)).status_code == 404


async def test_a_title_breaks_no_line_of_a_calendar(alice: Client, client: Client, town: Town) -> None:
    item = await lent(town)
    await Item.filter(id=item.id).update(title="Table; pliante, 2\nSUMMARY:pirate \\ " + "é" * 40)
    await ask(alice, item.id)
    [url] = await opened(alice)
    for address in (url, f"/prets/{item.id}/agenda.ics"):
        event = only(await read(client, address))
        assert "Table; pliante, 2\nSUMMARY:pirate \\ ééé" in event["summary"]


def test_the_same_appointments_give_the_same_bytes() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    one = Appointment("loan-1", at, at + timedelta(hours=1), "Prêt", "", "", "/", True, 3, at, True, False)
    content = feed("Mes prêts", [one], "http://127.0.0.1:8000")
    event = only(check(content))
    assert (event["sequence"], event["status"], event["transp"]) == (3, "CANCELLED", "TRANSPARENT")
    assert event["dtstamp"].dt == event["last-modified"].dt == at
    assert content == feed("Mes prêts", [one], "http://127.0.0.1:8000")


@pytest.mark.parametrize("factor", [1.0])
async def test_guessing_is_slowed_down(app: object, client: Client, town: Town, factor: float) -> None:
    client._transport.app.state.limiter._factor = factor  # type: ignore[attr-defined]
    answers = {(await client.get(f"/agenda/prive/{n}{'A' * 42}.ics")).status_code for n in range(40)}
    assert answers == {404, 429}


async def test_a_calendar_speaks_its_owner_s_language(alice: Client, client: Client, town: Town) -> None:
    await execute("UPDATE member SET locale = 'en' WHERE id = $1", town["alice"])
    key = await CalendarKey.renew(town["alice"])
    reader = await CalendarKey.reader(key)
    assert reader is not None
    assert (reader.locale, reader.id) == ("en", town["alice"])
    assert (await client.get(f"/agenda/prive/{key}.ics")).status_code == 200
