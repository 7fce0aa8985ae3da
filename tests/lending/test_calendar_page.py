"""The page of a thing: its calendar, chosen from by links, buttons and fields, without JavaScript."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import quote

import httpx

from echange import booking
from echange.booking import Opening
from echange.database import execute, fetch_value
from echange.http.dates import town_zone
from tests.lending.asking import ask
from tests.lending.things import kit, lent
from tests.neighbours import Town

Client = httpx.AsyncClient
WEEKDAYS = [Opening(weekday, 9 * 60 + 30, 18 * 60) for weekday in range(6)]


def next_weekday(weekday: int, after: int = 7) -> date:
    """The first such day from so many days on."""
    day = datetime.now(town_zone.get()).date() + timedelta(days=after)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


async def open_six_days() -> None:
    """The association receives from Monday to Saturday, 9:30 to 18:00."""
    await booking.set_openings(await fetch_value("SELECT site_id FROM lender LIMIT 1"), WEEKDAYS)


def hidden(page: str, name: str) -> str:
    """A value of the request's form."""
    form = page[page.index('action="/prets/') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', form[form.index("/demande") :])
    assert found, name
    return found[1]


async def test_a_stranger_reads_the_calendar_and_is_led_to_sign_in_with_their_choice(
    client: Client, town: Town
) -> None:
    item = await lent(town, "Vidéoprojecteur", units=3, deposit_cents=8000, body="Avec sa sacoche.")
    await open_six_days()
    friday, tuesday = next_weekday(4), next_weekday(4) + timedelta(days=4)
    page = (await client.get(f"{item.url}?du={friday}&au={tuesday}")).text
    assert "Vidéoprojecteur" in page
    assert "3 libres sur 3" in page
    assert "80 €, non encaissée" in page
    assert "Se connecter pour demander" in page
    way = re.search(r'href="(/connexion\?suite=[^"]+)"', page)
    assert way
    assert quote(f"du={friday}") in way[1]


async def test_dates_that_are_free_need_no_waiting_line(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await open_six_days()
    friday, tuesday = next_weekday(4), next_weekday(4) + timedelta(days=4)
    assert "Vos dates sont prises" in (await alice.get(item.url)).text
    assert "Vos dates sont prises" not in (await alice.get(f"{item.url}?du={friday}&au={tuesday}")).text


async def test_the_bar_of_a_phone_says_what_the_request_does(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town, "Barnum", approval="automatic")
    await open_six_days()
    friday, tuesday = next_weekday(4), next_weekday(4) + timedelta(days=4)
    free = (await alice.get(f"{item.url}?du={friday}&au={tuesday}")).text
    assert '<a class="button button-primary" href="#demande"><span>Réserver</span></a>' in free
    start, end = hidden(free, "start"), hidden(free, "end")
    await ask(bob, item.id, start=start, end=end)
    refused = (await alice.get(f"{item.url}?du={friday}&au={tuesday}")).text
    assert '<a class="button button-primary" href="#demande"><span>Voir pourquoi</span></a>' in refused


async def test_two_pressed_days_are_the_first_and_the_last(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await open_six_days()
    friday, monday = next_weekday(4), next_weekday(4) + timedelta(days=3)
    first = (await alice.get(f"{item.url}?mois={friday:%Y-%m}&jour={friday}")).text
    assert f'value="{friday}" aria-label=' in first
    assert "retrait" in first
    second = (await alice.get(f"{item.url}?du={friday}&jour={monday}")).text
    assert hidden(second, "start").startswith(str(friday))
    assert hidden(second, "end").startswith(str(monday))
    # Pressed anew, the choice begins again.
    third = (await alice.get(f"{item.url}?du={friday}&au={monday}&jour={monday}")).text
    assert 'name="start"' not in third


async def test_days_are_told_apart_by_words(alice: Client, bob: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await open_six_days()
    monday = next_weekday(0)
    zone = town_zone.get()
    taken = datetime(monday.year, monday.month, monday.day, 9, 30, tzinfo=zone)
    await ask(bob, item.id, start=taken.isoformat(), end=taken.replace(hour=14, minute=0).isoformat())
    page = (await alice.get(f"{item.url}?mois={monday:%Y-%m}")).text
    labels = dict(re.findall(r'name="jour" value="([^"]+)" aria-label="([^"]+)"', page))
    assert "dès 14\u00a0h" in labels[str(monday)]
    assert "fermé" in page
    full = taken + timedelta(days=1)
    await ask(bob, item.id, start=full.isoformat(), end=full.replace(hour=18, minute=0).isoformat())
    page = (await alice.get(f"{item.url}?mois={full:%Y-%m}")).text
    labels = dict(re.findall(r'name="jour" value="([^"]+)" aria-label="([^"]+)"', page))
    assert str(full.date()) not in labels
    assert "pris" in page


async def test_what_is_shown_is_asked_for_without_javascript(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum", units=2, approval="owner")
    await open_six_days()
    friday, monday = next_weekday(4), next_weekday(4) + timedelta(days=3)
    page = (await alice.get(f"{item.url}?du={friday}&au={monday}&nombre=2&retrait=14:00&retour=11:30")).text
    sent = {name: hidden(page, name) for name in ("start", "end", "quantity", "once")}
    answer = await alice.post(f"/prets/{item.id}/demande", data={**sent, "purpose": "Un anniversaire"})
    assert answer.status_code == 303, answer.text
    loan = (await alice.get(answer.headers["location"])).text
    assert "doit répondre" in loan
    assert "Un anniversaire" in loan
    # Sent twice, it is the same loan.
    again = await alice.post(f"/prets/{item.id}/demande", data={**sent, "purpose": "Un anniversaire"})
    assert again.headers["location"] == answer.headers["location"]
    assert await fetch_value("SELECT count(*) FROM loan") == 1


async def test_a_refusal_keeps_the_words_and_offers_what_is_free(
    alice: Client, bob: Client, town: Town
) -> None:
    item = await lent(town, "Barnum", category="fetes")
    other = await lent(town, "Barnum rouge", by="charlie", category="fetes")
    await open_six_days()
    friday, monday = next_weekday(4), next_weekday(4) + timedelta(days=3)
    page = (await alice.get(f"{item.url}?du={friday}&au={monday}")).text
    sent = {name: hidden(page, name) for name in ("start", "end", "quantity", "once")}
    await ask(bob, item.id, start=sent["start"], end=sent["end"])
    answer = await alice.post(f"/prets/{item.id}/demande", data={**sent, "purpose": "Un anniversaire"})
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert "libre à ce moment-là" in answer.text
    assert f"{other.url}?" in answer.text.replace("&amp;", "&")
    assert len(re.findall("instead-one", answer.text)) == 3


async def test_with_something_to_read_first_it_is_held_for_ten_minutes(alice: Client, town: Town) -> None:
    item = await lent(town, "Sono", deposit_cents=15000, rules="Rendre propre.")
    friday = next_weekday(4)
    page = (await alice.get(f"{item.url}?du={friday}&au={friday}")).text
    sent = {name: hidden(page, name) for name in ("start", "end", "quantity", "once")}
    answer = await alice.post(f"/prets/{item.id}/demande", data=sent)
    way = answer.headers["location"]
    held = (await alice.get(way)).text
    assert "Relisez et confirmez" in held
    assert "Rendre propre." in held
    answer = await alice.post(f"{way}/confirmation", data={"purpose": "La fête"})
    assert answer.status_code == 303
    assert await fetch_value("SELECT state FROM loan") == "approved"


async def test_nonsense_in_the_address_is_no_accident(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    for asked in ("du=hier", "du=2026-02-30", "mois=9999-99", "nombre=-4", "avec=x", "retrait=99:99",
                  "du=9999-12-31&au=9999-12-31", "du=0001-01-01&au=0001-01-02", "nombre=1000",
                  "jour=x"):  # fmt: skip
        assert (await alice.get(f"{item.url}?{asked}")).status_code == 200, asked
    for body in ({}, {"start": "x", "end": "y"}, {"start": "2026-01-01T10:00", "end": "2026-01-02T10:00"}):
        answer = await alice.post(f"/prets/{item.id}/demande", data=body)
        assert answer.status_code == 422, body
    assert (await alice.get(f"/prets/{item.id}")).headers["location"] == item.url
    assert (await alice.get("/prets/999999-rien")).status_code == 404


async def test_the_parts_of_a_kit_are_chosen(alice: Client, town: Town) -> None:
    table, bench = await lent(town, "Table", units=2), await lent(town, "Banc", units=4)
    made = await kit(town, "Coin repas", (table, 1), optional=((bench, 2),))
    friday = next_weekday(4)
    page = (await alice.get(f"{made.url}?du={friday}&au={friday}&avec={bench.id}")).text
    assert hidden(page, "parts") == str(bench.id)
    sent = {name: hidden(page, name) for name in ("start", "end", "quantity", "once", "parts")}
    answer = await alice.post(f"/prets/{made.id}/demande", data=sent)
    assert answer.status_code == 303, answer.text
    assert await fetch_value("SELECT count(*) FROM booking_allocation") == 3


async def test_the_owner_does_not_ask_themselves(charlie: Client, town: Town) -> None:
    item = await lent(town, "Échelle", by="charlie")
    page = (await charlie.get(item.url)).text
    assert "Vous le prêtez" in page
    assert "Votre demande" not in page


async def test_who_is_not_verified_reads_why_before_filling_anything_in(alice: Client, town: Town) -> None:
    item = await lent(town, "Barnum")
    await execute("DELETE FROM verification WHERE member_id = $1", town["alice"])
    page = (await alice.get(item.url)).text
    assert "faites-vous d’abord connaître" in page
