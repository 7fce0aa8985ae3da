"""Moments to meet: proposed, answered, taken into a calendar."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from echange.chat import client_id
from echange.http.dates import PARIS
from tests.chat.groups import events, opened, say
from tests.neighbours import Town

# A day that lies ahead, in the middle of summer time or of winter, whenever this is run.
DAY = (datetime.now(PARIS) + timedelta(days=40)).date()


def moment(hour: int, minute: int = 0) -> str:
    at = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=PARIS)
    return at.isoformat()


async def fill(client: httpx.AsyncClient, talk: int, **changed: Any) -> httpx.Response:
    fields = {
        "client_id": client_id(),
        "jour": DAY.isoformat(),
        "debut": "10:00",
        "fin": "11:30",
        "lieu": "À la gare",
    }
    return await client.post(f"/messages/{talk}/creneau", data=fields | changed)


async def proposed(client: httpx.AsyncClient, talk: int) -> int:
    said = {"client_id": client_id(), "start": moment(10), "end": moment(11, 30), "place": "À la gare"}
    answer = await client.post(f"/api/v1/conversations/{talk}/slots", json=said)
    assert answer.status_code == 201, answer.text
    seq: int = answer.json()["seq"]
    return seq


async def reply(client: httpx.AsyncClient, talk: int, seq: int, agreed: object = True) -> httpx.Response:
    url = f"/api/v1/conversations/{talk}/messages/{seq}/answer"
    return await client.post(url, json={"client_id": client_id(), "agreed": agreed})


async def test_a_moment_is_proposed_by_a_form_and_shown_as_a_card(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    assert f'href="/messages/{talk}/creneau"' in (await alice.get(f"/messages/{talk}")).text
    form = (await alice.get(f"/messages/{talk}/creneau")).text
    assert "Bob Traoré" in form
    assert (await fill(alice, talk)).status_code == 303
    [event] = await events(bob, talk)
    start = datetime.fromisoformat(event["data"]["slot"]["start"])
    assert (start.utcoffset(), start.astimezone(PARIS).isoformat()) == (timedelta(0), moment(10))
    assert "Je propose" in event["data"]["body"], "whoever knows no slots reads it too"
    his, hers = (await bob.get(f"/messages/{talk}")).text, (await alice.get(f"/messages/{talk}")).text
    assert "10\u00a0h – 11\u00a0h\u00a030" in his
    assert "À la gare" in his
    assert "En attente d’une réponse" in his
    assert 'value="oui"' in his
    assert 'value="oui"' not in hers, "one does not answer oneself"
    assert "creneau.ics" in hers


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"jour": ""}, "Remplissez ce champ"),
        ({"jour": "demain"}, "Écrivez une date"),
        ({"debut": "25:00"}, "Écrivez une heure"),
        ({"fin": "10:00"}, "La fin vient après le début"),
        ({"fin": "09:00"}, "La fin vient après le début"),
        ({"jour": "2020-01-01"}, "deux prochaines années"),
        ({"jour": "0001-01-01"}, "deux prochaines années"),
        ({"jour": "9999-12-31"}, "deux prochaines années"),
        ({"jour": datetime.now(PARIS).date().isoformat(), "debut": "00:00", "fin": "00:01"}, "déjà passé"),
        ({"lieu": "x" * 201}, "Pas plus de 200"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_moment_that_cannot_be_is_refused_with_the_words_kept(
    alice: httpx.AsyncClient, talk: int, wrong: dict[str, str], told: str
) -> None:
    refused = await fill(alice, talk, **wrong)
    assert refused.status_code == 422
    assert "<title>Erreur" in refused.text
    assert told in refused.text
    assert "À la gare" in refused.text or "lieu" in wrong
    assert await events(alice, talk) == []


def spring_forward() -> str:
    """The next day on which the town's clocks are put forward: the last Sunday of March."""
    year = datetime.now(PARIS).year
    for one in (year, year + 1):
        last = datetime(one, 3, 31, tzinfo=PARIS)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday.date() > datetime.now(PARIS).date():
            return sunday.date().isoformat()
    raise AssertionError


async def test_an_hour_that_the_clocks_leap_over_is_refused(alice: httpx.AsyncClient, talk: int) -> None:
    refused = await fill(alice, talk, jour=spring_forward(), debut="02:30", fin="04:00")
    assert refused.status_code == 422
    assert "Cette heure n’existe pas ce jour-là" in refused.text
    assert (await fill(alice, talk, jour=spring_forward(), debut="01:30", fin="02:30")).status_code == 422
    taken = await fill(alice, talk, jour=spring_forward(), debut="01:30", fin="03:30")
    assert taken.status_code == 303
    slot = (await events(alice, talk))[0]["data"]["slot"]
    lasts = datetime.fromisoformat(slot["end"]) - datetime.fromisoformat(slot["start"])
    assert lasts == timedelta(hours=1), "an hour is missing that night"


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "2020-01-01T10:00:00+01:00", "end": "2020-01-01T11:00:00+01:00"},
        {"start": moment(11), "end": moment(10)},
        {"start": moment(10)[:19]},
        {"start": 1_900_000_000},
        {"end": "bientôt"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"end": "9999-12-31T23:59:59-12:00"},
        {"place": "x" * 201},
        {"client_id": "court"},
    ],
    ids=str,
)
async def test_the_api_refuses_the_same(
    alice: httpx.AsyncClient, talk: int, wrong: dict[str, object]
) -> None:
    said = {"client_id": client_id(), "start": moment(10), "end": moment(11), "place": ""}
    answer = await alice.post(f"/api/v1/conversations/{talk}/slots", json=said | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    assert await events(alice, talk) == []


async def test_the_same_proposal_again_is_the_first_one(alice: httpx.AsyncClient, talk: int) -> None:
    name = client_id()
    assert (await fill(alice, talk, client_id=name)).status_code == 303
    assert (await fill(alice, talk, client_id=name)).status_code == 303
    other = await fill(alice, talk, client_id=name, fin="12:00")
    assert other.status_code == 422
    assert "déjà parti" in other.text
    assert len(await events(alice, talk)) == 1


async def test_a_stranger_neither_proposes_nor_answers_nor_reads(
    alice: httpx.AsyncClient, charlie: httpx.AsyncClient, client: httpx.AsyncClient, talk: int
) -> None:
    seq = await proposed(alice, talk)
    assert (await charlie.get(f"/messages/{talk}/creneau")).status_code == 404
    assert (await fill(charlie, talk)).status_code == 404
    assert (await reply(charlie, talk, seq)).status_code == 404
    assert (await charlie.get(f"/messages/{talk}/m/{seq}/creneau.ics")).status_code == 404
    assert (await client.get(f"/messages/{talk}/m/{seq}/creneau.ics")).status_code == 303


async def test_an_answer_shows_on_the_card_and_the_last_one_counts(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    seq = await proposed(alice, talk)
    answer = f"/messages/{talk}/m/{seq}/creneau"
    assert (await bob.post(answer, data={"reponse": "oui"})).status_code == 303
    assert "Convient à\u00a0: Bob Traoré" in (await alice.get(f"/messages/{talk}")).text
    assert "Convient à\u00a0: Vous" in (await bob.get(f"/messages/{talk}")).text
    assert (await bob.post(answer, data={"reponse": "oui"})).status_code == 303
    said = await events(alice, talk, seq)
    assert len(said) == 1, "the same again is said once"
    assert (said[0]["data"]["body"], said[0]["data"]["reply_to"]) == ("Ça me va", seq)
    assert (await reply(bob, talk, seq, agreed=False)).status_code == 201
    page = (await alice.get(f"/messages/{talk}")).text
    assert "Convient à" not in page
    assert "Plutôt un autre jour\u00a0: Bob Traoré" in page
    back = (await events(alice, talk))[-1]["seq"]
    url = f"/api/v1/conversations/{talk}/messages/{back}?client_id={client_id()}"
    assert (await bob.delete(url)).status_code == 200
    assert "Convient à\u00a0: Bob Traoré" in (await alice.get(f"/messages/{talk}")).text, "taken back"


async def test_an_answer_further_on_than_the_page_shows_too(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    seq = await proposed(alice, talk)
    for n in range(60):
        await say(alice, talk, f"Mot {n}")
    await reply(bob, talk, seq)
    older = (await alice.get(f"/messages/{talk}?avant=20")).text
    assert "Convient à\u00a0: Bob Traoré" in older
    assert 'class="message-text">Ça me va' not in older
    line = (await alice.get(f"/messages/{talk}/m/{seq}/ligne")).text
    assert "Convient à\u00a0: Bob Traoré" in line


async def test_in_a_group_each_answers_for_themselves_and_nobody_kept_apart_is_seen(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    group = await opened(alice, [town["bob"], town["charlie"]], "Fête")
    seq = await proposed(alice, group)
    await reply(bob, group, seq)
    await reply(charlie, group, seq, agreed=False)
    page = (await alice.get(f"/messages/{group}")).text
    assert "Convient à\u00a0: Bob Traoré" in page
    assert "Plutôt un autre jour\u00a0: Charlie Nguyen" in page
    await charlie.put(f"/api/v1/members/{town['bob']}/block")
    assert "Convient à" not in (await charlie.get(f"/messages/{group}")).text


async def test_one_s_own_what_is_no_slot_and_what_is_over_cannot_be_answered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq, words = await proposed(alice, talk), await say(alice, talk, "Bonjour")
    own = await reply(alice, talk, seq)
    assert (own.status_code, own.json()["code"]) == (409, "own_slot")
    assert (await reply(bob, talk, words)).status_code == 404
    assert (await reply(bob, talk, 99)).status_code == 404
    assert (await reply(bob, talk, seq, agreed="oui")).status_code == 422
    assert (await bob.post(f"/messages/{talk}/m/{seq}/creneau", data={"reponse": "bof"})).status_code == 422
    monkeypatch.setattr("echange.chat.slots.now", lambda: datetime.now(UTC) + timedelta(days=60))
    over = await reply(bob, talk, seq)
    assert (over.status_code, over.json()["code"]) == (409, "slot_over")
    page = (await bob.get(f"/messages/{talk}")).text
    assert "Ce moment est passé" in page
    assert "creneau.ics" not in page


async def test_two_kept_apart_propose_nothing(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int, town: Town
) -> None:
    seq = await proposed(alice, talk)
    await bob.put(f"/api/v1/members/{town['alice']}/block")
    refused = await fill(alice, talk)
    assert refused.status_code == 422
    assert "ne peut pas" in refused.text
    assert (await reply(bob, talk, seq)).status_code == 409


async def test_a_proposal_goes_into_a_calendar(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, talk: int
) -> None:
    said = {
        "client_id": client_id(),
        "start": moment(10),
        "end": moment(11, 30),
        "place": "Gare;\nquai 2, sortie",
    }
    seq = (await alice.post(f"/api/v1/conversations/{talk}/slots", json=said)).json()["seq"]
    url = f"/messages/{talk}/m/{seq}/creneau.ics"
    answer = await bob.get(url)
    assert answer.headers["content-type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == datetime.fromisoformat(moment(10))
    assert event.decoded("dtend") == datetime.fromisoformat(moment(11, 30))
    assert str(event["location"]) == "Gare; quai 2, sortie"
    assert str(event["summary"]) == "Rendez-vous\u00a0: Alice Morel"
    assert str(event["status"]) == "TENTATIVE"
    await reply(bob, talk, seq)
    [agreed] = Calendar.from_ical((await alice.get(url)).content).walk("VEVENT")
    assert str(agreed["status"]) == "CONFIRMED"
    assert agreed["uid"] == event["uid"]
    assert int(str(agreed["sequence"])) >= int(str(event["sequence"]))
    words = await say(alice, talk, "Bonjour")
    assert (await bob.get(f"/messages/{talk}/m/{words}/creneau.ics")).status_code == 404
