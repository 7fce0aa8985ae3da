"""Hours and closures, written by who looks after a place and read by everybody."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from echange import booking
from echange.http import NotFound, Viewer
from echange.http.dates import now, today, town_zone
from echange.places import Place, Touched
from tests.places.houses import ALWAYS, WEEKDAYS, forge

HOURS = "/lieux/la-forge/horaires"
WEEK = {"monday": "9 h – 12 h, 14 h – 18 h", "saturday": "10h-13h", "who": "desk"}
HOLIDAYS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//FR\r
BEGIN:VEVENT\r
UID:noel@test\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:{day}\r
SUMMARY:Fermeture de Noël\r
END:VEVENT\r
{more}END:VCALENDAR\r
"""


def morning_of(day: date) -> booking.Period:
    """From nine to eleven in town."""
    start = datetime.combine(day, time(9), town_zone.get())
    return booking.Period(start, start + timedelta(hours=2))


async def spans(place: Place) -> list[tuple[int, int, int]]:
    return [(one.weekday, one.opens, one.closes) for one in await booking.openings(place.site_id)]


async def test_the_desk_writes_hours_and_everybody_reads_them(
    orm: None, nadia: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    place = await forge()
    assert "Sur rendez-vous" in (await nadia.get(HOURS)).text
    assert (await nadia.get(f"{HOURS}/semaine?new=1")).status_code == 200
    answer = await nadia.post(f"{HOURS}/semaine", data=WEEK)
    assert (answer.status_code, answer.headers["location"]) == (303, HOURS)
    assert await spans(place) == [(0, 540, 720), (0, 840, 1080), (5, 600, 780)]
    page = (await client.get("/lieux/la-forge")).text
    assert "9\u00a0h\u00a0– 12\u00a0h, 14\u00a0h\u00a0– 18\u00a0h" in page
    assert 'aria-current="date"' in page
    form = (await nadia.get(f"{HOURS}/semaine?who=desk")).text
    assert 'value="10\u00a0h\u00a0– 13\u00a0h"' in form


async def test_hours_that_are_not_understood_keep_their_words(orm: None, nadia: httpx.AsyncClient) -> None:
    place = await forge(hours=WEEKDAYS)
    answer = await nadia.post(f"{HOURS}/semaine", data={**WEEK, "known": "1", "tuesday": "le matin"})
    assert answer.status_code == 422
    assert 'value="le matin"' in answer.text
    assert 'href="#f-tuesday"' in answer.text
    assert len(await spans(place)) == len(WEEKDAYS)


async def test_a_season_takes_the_place_of_the_year_for_its_days(orm: None, nadia: httpx.AsyncClient) -> None:
    place = await forge(hours=ALWAYS)
    first, last = today() + timedelta(days=10), today() + timedelta(days=20)
    season = {"who": "desk", "from_day": first.isoformat(), "until_day": last.isoformat()}
    every_day = dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "10 h – 11 h"
    )
    assert (await nadia.post(f"{HOURS}/semaine", data={**season, **every_day})).status_code == 303
    for day, hours in ((first, 1), (last, 1), (last + timedelta(days=1), 24)):
        start = datetime.combine(day, datetime.min.time()).astimezone()
        opened = await booking.opening_times(
            place.site_id, booking.Period(start, start + timedelta(hours=20))
        )
        assert (sum((one.end - one.start).total_seconds() for one in opened) <= 3600) == (hours == 1)
    told = {**season, "known": "1", "was_from": season["from_day"], "was_until": season["until_day"]}
    assert (await nadia.post(f"{HOURS}/semaine", data=told)).status_code == 303
    assert sorted(await spans(place)) == sorted((one.weekday, one.opens, one.closes) for one in ALWAYS)


async def test_a_new_week_without_hours_is_no_week(orm: None, nadia: httpx.AsyncClient) -> None:
    await forge(hours=WEEKDAYS)
    answer = await nadia.post(f"{HOURS}/semaine", data={"who": "desk"})
    assert answer.status_code == 422
    assert "ajoutez plutôt une fermeture" in answer.text


async def test_back_to_appointments(orm: None, nadia: httpx.AsyncClient) -> None:
    place = await forge(hours=WEEKDAYS)
    assert (await nadia.post(f"{HOURS}/sur-rendez-vous")).status_code == 303
    assert await spans(place) == []


async def test_nobody_else_writes_hours(
    orm: None, alice: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    place = await forge(hours=WEEKDAYS)
    for path, data in (
        ("/semaine", WEEK),
        ("/sur-rendez-vous", {}),
        ("/fermetures", {"first_day": today().isoformat()}),
        ("/fermetures/1/retrait", {}),
    ):
        assert (await alice.post(f"{HOURS}{path}", data=data)).status_code == 403, path
        assert (await client.post(f"{HOURS}{path}", data=data)).status_code == 303, path
    answer = await alice.put(f"/api/v1/places/{place.id}/hours", json={"openings": []})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert len(await spans(place)) == len(WEEKDAYS)


class Heard:
    """Somebody with one booking, who writes down what they are told."""

    def __init__(self) -> None:
        self.told: list[int] = []

    async def touched(self, booking_ids: Sequence[int]) -> Mapping[int, Touched]:
        return {number: Touched("Perceuse", "Bob", "/prets/emprunts/1") for number in booking_ids}

    async def closed_then(self, touched: Sequence[booking.Affected], *, by: Viewer) -> None:
        self.told += [one.booking_id for one in touched]


@pytest.fixture
def heard(app: Starlette) -> Heard:
    app.state.closure_listeners = (listener := Heard(),)
    return listener


async def test_a_closure_shows_what_it_touches_and_deletes_nothing(
    nadia: httpx.AsyncClient, client: httpx.AsyncClient, heard: Heard
) -> None:
    place = await forge(hours=ALWAYS)
    model, _units = await booking.make_model(place.site_id, booking.Rules(), units=1)
    day = today() + timedelta(days=10)
    taken = await booking.take({model: 1}, morning_of(day))
    answer = await nadia.post(f"{HOURS}/fermetures", data={"first_day": day, "label": "Inventaire"})
    assert answer.status_code == 303
    page = (await nadia.get(answer.headers["location"])).text
    for words in ("Inventaire", "1 réservation tombe", "Perceuse", "Bob", "Ouverture suivante"):
        assert words in page, words
    assert heard.told == [taken.id]
    assert await booking.units_of([taken.id]), "the booking stands"
    assert "Inventaire" in (await client.get("/lieux/la-forge")).text
    assert (await nadia.post(f"{answer.headers['location']}/retrait")).status_code == 303
    assert "Inventaire" not in (await client.get("/lieux/la-forge")).text
    assert (await nadia.get(answer.headers["location"])).status_code == 404


async def test_a_closure_of_another_place_is_absent(orm: None, nadia: httpx.AsyncClient) -> None:
    await forge()
    other = await forge(name="Le Four")
    span = booking.Period(now() + timedelta(days=1), now() + timedelta(days=2))
    closure = await booking.close_site(other.site_id, span, "")
    assert (await nadia.get(f"{HOURS}/fermetures/{closure}")).status_code == 404
    assert (await nadia.post(f"{HOURS}/fermetures/{closure}/retrait")).status_code == 303
    assert await booking.closures(other.site_id, span), "theirs stays"


@pytest.mark.parametrize(
    "said",
    [{}, {"first_day": "hier"}, {"first_day": "9999-12-31"}, {"first_day": "2027-01-05", "starts": "x"}],
)
async def test_a_wrong_closure_is_refused_with_its_words(
    orm: None, nadia: httpx.AsyncClient, heard: Heard, said: dict[str, str]
) -> None:
    place = await forge(hours=ALWAYS)
    answer = await nadia.post(f"{HOURS}/fermetures", data={"label": "Congés", **said})
    assert answer.status_code == 422
    assert 'value="Congés"' in answer.text
    assert await booking.closures(place.site_id, booking.Period(now(), now() + timedelta(days=9000))) == []
    assert heard.told == []


async def import_of(client: httpx.AsyncClient, content: str) -> httpx.Response:
    files = {"file": ("jours.ics", content.encode(), "text/calendar")}
    return await client.post(f"{HOURS}/fermetures/calendrier", files=files)


async def test_a_calendar_adds_its_days_once(orm: None, nadia: httpx.AsyncClient) -> None:
    place = await forge(hours=ALWAYS)
    day, later = today() + timedelta(days=40), today() + timedelta(days=41)
    file = HOLIDAYS.format(day=f"{day:%Y%m%d}", more="")
    assert "1 fermeture ajoutée, 0 changée, 0 retirée" in (await import_of(nadia, file)).text
    assert "0 fermeture ajoutée, 0 changée, 0 retirée" in (await import_of(nadia, file)).text
    moved = file.replace(f"{day:%Y%m%d}", f"{later:%Y%m%d}")
    assert "0 fermeture ajoutée, 1 changée, 0 retirée" in (await import_of(nadia, moved)).text
    unclear = "BEGIN:VEVENT\r\nUID:x@test\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Rien\r\nEND:VEVENT\r\n"
    page = (await import_of(nadia, HOLIDAYS.format(day=f"{later:%Y%m%d}", more=unclear))).text
    assert "n’a pas été compris" in page
    assert "Ligne" in page
    coming = await booking.closures(place.site_id, booking.Period(now(), now() + timedelta(days=90)))
    assert [one.label for one in coming] == ["Fermeture de Noël"]


async def test_what_is_no_calendar_is_refused(orm: None, nadia: httpx.AsyncClient) -> None:
    await forge()
    for answer in (await import_of(nadia, "bonjour"), await import_of(nadia, "\x00" * 100)):
        assert answer.status_code == 422
        assert "n’est pas un calendrier" in answer.text
    answer = await nadia.post(f"{HOURS}/fermetures/calendrier", data={"x": "y"})
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text


async def test_programs_read_and_write_the_same_hours(
    orm: None, nadia: httpx.AsyncClient, client: httpx.AsyncClient, heard: Heard
) -> None:
    place = await forge()
    path = f"/api/v1/places/{place.id}/hours"
    week: list[dict[str, Any]] = [{"weekday": 0, "opens": 540, "closes": 720}]
    answer = await nadia.put(path, json={"openings": week})
    assert (answer.status_code, answer.json()["by_appointment"]) == (200, False)
    assert (await client.get(path)).json()["openings"][0]["closes"] == 720
    for wrong in ({"weekday": 7, "opens": 1, "closes": 2}, {"weekday": 0, "opens": 2, "closes": 1}):
        assert (await nadia.put(path, json={"openings": [wrong]})).status_code == 422
    start = now() + timedelta(days=3)
    closing = {"start": start.isoformat(), "end": (start + timedelta(hours=5)).isoformat(), "label": "Fête"}
    answer = await nadia.post(f"{path}/closures", json=closing)
    assert (answer.status_code, answer.json()["touched"]) == (201, [])
    assert [one["label"] for one in (await client.get(path)).json()["closures"]] == ["Fête"]
    assert (await nadia.delete(f"{path}/closures/{answer.json()['id']}")).status_code == 204
    assert (await client.get(path)).json()["closures"] == []
    closing["end"] = closing["start"]
    assert (await nadia.post(f"{path}/closures", json=closing)).json()["code"] == "empty_period"


@pytest.mark.parametrize(
    "said",
    [{"from_day": "0001-01-01"}, {"until_day": "9999-12-31"}, {"known": "1", "was_from": "0001-01-01"}],
)
async def test_a_season_of_another_age_is_refused(
    orm: None, nadia: httpx.AsyncClient, said: dict[str, str]
) -> None:
    place = await forge(hours=WEEKDAYS)
    assert (await nadia.post(f"{HOURS}/semaine", data={**WEEK, **said})).status_code == 422
    assert (await nadia.get(f"{HOURS}/semaine", params=said)).status_code == 200
    assert len(await spans(place)) == len(WEEKDAYS)
    opening = {"weekday": 0, "opens": 540, "closes": 720, "until_day": "9999-12-31"}
    url = f"/api/v1/places/{place.id}/hours"
    assert (await nadia.put(url, json={"openings": [opening]})).status_code == 422


@pytest.mark.parametrize(("year", "status"), [("0001", 422), ("1000", 201), ("8999", 201), ("9999", 422)])
async def test_a_closure_of_another_age_is_never_a_mistake_of_ours(
    orm: None, nadia: httpx.AsyncClient, year: str, status: int
) -> None:
    place = await forge(hours=WEEKDAYS)
    told = {"start": f"{year}-01-01T00:00:00+14:00", "end": f"{year}-12-31T23:59:59-11:00"}
    answer = await nadia.post(f"/api/v1/places/{place.id}/hours/closures", json=told)
    assert answer.status_code == status
    said = {"first_day": f"{year}-01-01"}
    assert (await nadia.post(f"{HOURS}/fermetures", data=said)).status_code == 422


async def test_a_calendar_that_cannot_be_told_is_not_taken_in(
    nadia: httpx.AsyncClient, app: Starlette
) -> None:
    class Deaf(Heard):
        async def closed_then(self, touched: Sequence[booking.Affected], *, by: Viewer) -> None:
            raise NotFound

    app.state.closure_listeners = (Deaf(),)
    place = await forge(hours=ALWAYS)
    model, _units = await booking.make_model(place.site_id, booking.Rules(), units=1)
    day = today() + timedelta(days=10)
    await booking.take({model: 1}, morning_of(day))
    answer = await import_of(nadia, HOLIDAYS.format(day=f"{day:%Y%m%d}", more=""))
    assert answer.status_code == 422
    assert await booking.closures(place.site_id, booking.Period(now(), now() + timedelta(days=90))) == []
