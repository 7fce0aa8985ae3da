"""An appointment: proposed, agreed, in the calendar, recalled the day before."""

from datetime import UTC, date, datetime, time, timedelta

import httpx
import pytest

from echange.ads import refusals, turns
from echange.ads.calendar import appointment
from echange.ads.models import Ad, Answer, Reservation
from echange.database import execute, fetch
from echange.http import NotAllowed, icalendar
from echange.http.dates import now, today
from echange.http.moments import NoSuchTime, instant_of
from echange.members import Member
from tests.ads.annonces import published
from tests.ads.crowd import given, told
from tests.neighbours import Town


@pytest.fixture
async def promise(orm: None, town: Town) -> Reservation:
    ad = await given(town["alice"], town.quartiers["les-larris"], fair=False)
    await Answer.give(ad, by=await Member.get(id=town["bob"]), body="Pour moi ?")
    return await Reservation.promise(ad, by=await Member.get(id=town["alice"]), member_id=town["bob"])


@pytest.fixture
async def alice_and_bob(orm: None, town: Town) -> tuple[Member, Member]:
    return await Member.get(id=town["alice"]), await Member.get(id=town["bob"])


async def test_the_other_side_agrees_and_both_are_reminded_the_day_before(
    promise: Reservation, alice_and_bob: tuple[Member, Member]
) -> None:
    alice, bob = alice_and_bob
    await promise.meet(by=bob, at=now() + timedelta(days=3), where="Devant la médiathèque")
    with pytest.raises(refusals.NothingToAgree):
        await promise.agree(by=bob)
    await promise.agree(by=alice)
    said = [row["body"] for row in await fetch("SELECT data->>'body' AS body FROM event ORDER BY seq")]
    assert said[1].startswith("Je propose")
    assert "Devant la médiathèque" in said[1]
    assert said[2].startswith("C’est d’accord")
    await turns.tick()
    assert "meeting_soon" not in await told(bob.id)
    await execute("UPDATE reservation SET meet_at = now() + interval '23 hours'")
    await turns.tick()
    await turns.tick()
    assert [(await told(one.id)).count("meeting_soon") for one in (alice, bob)] == [1, 1]


async def test_another_proposal_takes_the_place_of_the_first(
    promise: Reservation, alice_and_bob: tuple[Member, Member]
) -> None:
    alice, bob = alice_and_bob
    await promise.meet(by=bob, at=now() + timedelta(days=3), where="Chez moi")
    await promise.agree(by=alice)
    await promise.meet(by=alice, at=now() + timedelta(days=4), where="À La Forge")
    fresh = await Reservation.get(id=promise.id).select_related("answer")
    assert fresh.meet_agreed_at is None
    assert fresh.can_be_agreed_by(bob)
    assert not fresh.can_be_agreed_by(alice)


async def test_a_meeting_lies_ahead_and_is_the_two_sides_own(
    promise: Reservation, alice_and_bob: tuple[Member, Member], town: Town
) -> None:
    alice, _ = alice_and_bob
    for at in (now() - timedelta(hours=1), now() + timedelta(days=200)):
        with pytest.raises(refusals.NotInTheFuture):
            await promise.meet(by=alice, at=at, where="Ici")
    with pytest.raises(NotAllowed):
        await promise.meet(by=await Member.get(id=town["charlie"]), at=now() + timedelta(days=1), where="Ici")


def is_put_forward(day: date) -> bool:
    """Whether the clocks in town go from two to three that night."""
    try:
        instant_of(day, time(2, 30))
    except NoSuchTime:
        return True
    return False


def test_a_calendar_reads_it_and_nobody_writes_lines_of_their_own() -> None:
    ad = Ad(id=12, title="Lit ; gigogne, \\ été")
    promise = Reservation(
        id=7, ad_id=12, meet_at=datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
        meet_where="Là\r\nATTENDEE:mailto:x@y.z " + "é" * 60,
    )  # fmt: skip
    text = icalendar.event(appointment(ad, promise), "https://echange.example").decode()
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "UID:reservation-7@echange.example" in lines
    assert "DTSTART:20261128T093000Z" in lines
    assert "SUMMARY:Lit \\; gigogne\\, \\\\ été" in lines
    assert "STATUS:TENTATIVE" in lines
    assert not any(line.startswith("ATTENDEE") for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "é" * 60 in text.replace("\r\n ", "")


async def test_pages_propose_agree_and_give_the_file(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, charlie: httpx.AsyncClient, town: Town
) -> None:
    ad_id = await published(alice)
    await bob.post(f"/annonces/{ad_id}/reponses", data={"body": "Pour moi ?"})
    await alice.post(f"/annonces/{ad_id}/reservation", data={"member": town["bob"]})
    assert (await bob.get(f"/annonces/{ad_id}/rendez-vous.ics")).status_code == 404
    wrong = await bob.post(
        f"/annonces/{ad_id}/rendez-vous", data={"day": "hier", "hour": "25 h", "where": "Ici"}
    )
    assert wrong.status_code == 422
    assert "Écrivez une date" in wrong.text
    assert "Écrivez une heure" in wrong.text
    assert 'value="Ici"' in wrong.text
    past = await bob.post(
        f"/annonces/{ad_id}/rendez-vous", data={"day": "2020-01-01", "hour": "10:30", "where": "Ici"}
    )
    assert past.status_code == 422
    assert "à venir" in past.text
    sunday = next(day for n in range(370) if is_put_forward(day := today() + timedelta(days=n)))
    absent = await bob.post(
        f"/annonces/{ad_id}/rendez-vous", data={"day": f"{sunday}", "hour": "2 h 30", "where": "Ici"}
    )
    assert absent.status_code == 422
    assert "on avance les montres" in absent.text
    assert 'value="2 h 30"' in absent.text
    day = today() + timedelta(days=5)
    right = {"day": f"{day:%d/%m/%Y}", "hour": "10 h 30", "where": "Devant la médiathèque"}
    assert (await bob.post(f"/annonces/{ad_id}/rendez-vous", data=right)).status_code == 303
    page = (await alice.get(f"/annonces/{ad_id}/reservation")).text
    assert "10\u00a0h\u00a030" in page
    assert "Devant la médiathèque" in page
    assert (await alice.post(f"/annonces/{ad_id}/rendez-vous/accord")).status_code == 303
    file = await bob.get(f"/annonces/{ad_id}/rendez-vous.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    assert "STATUS:CONFIRMED" in file.text
    assert (await charlie.get(f"/annonces/{ad_id}/rendez-vous.ics")).status_code == 404
    shown = (await charlie.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert "médiathèque" not in shown


async def test_the_same_by_programme(alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town) -> None:
    ad_id = await published(alice)
    place = f"/api/v1/ads/{ad_id}/reservation"
    await bob.post(f"/api/v1/ads/{ad_id}/answers", json={"body": "Oui"})
    await alice.post(place, json={"member": town["bob"]})
    for at in (1_800_000_000, "2026-12-01T10:00", "demain", None):
        assert (await bob.put(f"{place}/appointment", json={"at": at, "where": "Là"})).status_code == 422
    at = (now() + timedelta(days=2)).isoformat()
    put = await bob.put(f"{place}/appointment", json={"at": at, "where": "Là"})
    assert put.json()["appointment"] | {"at": ""} == {
        "at": "", "where": "Là", "agreed": False, "by": town["bob"]
    }  # fmt: skip
    assert (await bob.post(f"{place}/appointment/agreement")).status_code == 409
    agreed = await alice.post(f"{place}/appointment/agreement")
    assert agreed.json()["appointment"]["agreed"] is True
    assert "DTSTART:" in (await bob.get(f"{place}/appointment.ics")).text
