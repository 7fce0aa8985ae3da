"""My exchanges, what waits for me first; the same for the home page."""

import sys
from datetime import timedelta
from typing import Final

import httpx
import pytest

from echange.exchanges import waiting
from echange.http.dates import now
from tests.exchanges.twos import (
    accepted,
    association,
    days_earlier,
    declared,
    disputed,
    hatted,
    proposed,
    settled,
    somebody,
)
from tests.neighbours import Town

SHELVES: Final = ("a-repondre", "a-noter", "en-cours", "comptes", "sans-suite")


async def shelves_of(client: httpx.AsyncClient) -> list[str]:
    """The shelves that hold something."""
    shown = []
    for shelf in SHELVES:
        page = await client.get(f"/echanges?voir={shelf}")
        assert page.status_code == 200
        if "Monter une armoire" in page.text:
            shown.append(shelf)
    return shown


async def test_without_any_the_page_says_what_to_do(alice: httpx.AsyncClient) -> None:
    page = (await alice.get("/echanges")).text
    assert "Pas encore d’échange" in page
    assert 'href="/experts"' in page
    assert "Aucun de vos échanges n’en est là" in (await alice.get("/echanges?voir=comptes")).text


STANDS: Final = {
    "proposed": (proposed, ["a-repondre"], ["en-cours"]),
    "declared": (declared, ["a-repondre"], ["en-cours"]),
    "disputed": (disputed, ["en-cours"], ["en-cours"]),
    "settled": (settled, ["comptes"], ["comptes"]),
}


@pytest.mark.parametrize("state", STANDS)
async def test_each_exchange_stands_where_it_is_looked_for(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town, state: str
) -> None:
    make, hers, his = STANDS[state]
    await make(town)
    assert await shelves_of(alice) == hers
    assert await shelves_of(bob) == his
    for client in (alice, bob):
        assert "Monter une armoire" in (await client.get("/echanges")).text


async def test_once_its_day_is_past_the_time_is_to_be_noted(alice: httpx.AsyncClient, town: Town) -> None:
    it = await accepted(town, starts_at=now() + timedelta(hours=2))
    assert await shelves_of(alice) == ["en-cours"]
    await days_earlier(it, 1)
    assert await shelves_of(alice) == ["a-noter"]
    assert "Noter le temps" in (await alice.get("/echanges")).text


async def test_what_came_to_nothing_is_kept_apart(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    it = await proposed(town)
    await it.decline(by=somebody(town, "alice"))
    assert await shelves_of(bob) == ["sans-suite"]
    assert "Monter une armoire" not in (await alice.get("/echanges")).text


async def test_a_long_list_goes_on(alice: httpx.AsyncClient, town: Town) -> None:
    for number in range(3):
        it = await proposed(town, title=f"Service numéro {number}")
        await it.decline(by=somebody(town, "alice"))
    first = (await alice.get("/echanges?voir=sans-suite&limit=2")).text
    assert ("numéro 2" in first, "numéro 1" in first, "numéro 0" in first) == (True, True, False)
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "numéro 0" in (await alice.get(following)).text


async def test_of_many_open_ones_none_is_out_of_reach(
    alice: httpx.AsyncClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echange.exchanges.pages.listing.OPEN_AT_MOST", 2)
    later = await accepted(town, title="Dans un mois", starts_at=now() + timedelta(days=30))
    for number in range(4):
        it = await proposed(town, title=f"Service numéro {number}")
        await days_earlier(it, number)
    await days_earlier(later, 10)
    pages, path = [], "/echanges"
    while path:
        page = (await alice.get(path)).text
        pages.append(page)
        path = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    order = ["Service numéro 3", "Service numéro 2", "Service numéro 1", "Service numéro 0", "Dans un mois"]
    for place, title in enumerate(order):
        assert [title in page for page in pages] == [n == place // 2 for n in range(3)]
    assert 'rel="prev" href="/echanges"' in pages[1]
    assert "Dans un mois" in (await alice.get("/echanges?voir=en-cours")).text, "however far behind"
    answers = (await alice.get("/echanges?voir=a-repondre")).text
    assert 'rel="next" href="/echanges?voir=a-repondre&amp;cursor=' in answers


async def test_what_has_waited_longest_comes_first_and_nothing_else_stands_before_it(
    orm: None, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The room offers a verb of the same name.
    monkeypatch.setattr(sys.modules["echange.exchanges.waiting"], "AT_MOST", 2)
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    made = [await proposed(town, title=f"Numéro {n}") for n in range(3)]
    for n, it in enumerate(made):
        await days_earlier(it, 3 - n)
    # What waits for Bob, for moderators, or for its day.
    for title in ("Un", "Deux"):
        hers = await proposed(town, by=alice, title=title)
        noted = await accepted(town, title=f"{title} noté")
        await noted.declare(by=alice, minutes=10)
        ahead = await accepted(town, title=f"{title} plus tard", starts_at=now() + timedelta(days=40))
        decided = await disputed(town)
        for it in (hers, noted, ahead, decided):
            await days_earlier(it, 5)
    assert [one.title for one in await waiting(alice)] == ["Numéro 0", "Numéro 1"]
    await made[0].decline(by=alice)
    assert [one.title for one in await waiting(alice)] == ["Numéro 1", "Numéro 2"]
    assert {one.title for one in await waiting(bob)} <= {"Un", "Deux", "Un noté", "Deux noté"}


async def test_what_waits_from_an_association_bears_its_name(orm: None, town: Town) -> None:
    hat = await association(town, "bob")
    await proposed(town, by=hatted(town, "bob", hat), giver_organisation_id=hat.id)
    assert [one.name for one in await waiting(somebody(town, "alice"))] == ["Les Fêtes"]


async def test_others_see_nothing_of_it(charlie: httpx.AsyncClient, town: Town) -> None:
    await proposed(town)
    assert await shelves_of(charlie) == []


async def steps(town: Town, handle: str) -> list[tuple[str, int]]:
    return [(one.step, one.minutes) for one in await waiting(somebody(town, handle))]


async def test_what_waits_is_told_to_whose_turn_it_is(orm: None, town: Town) -> None:
    it = await proposed(town)
    assert (await steps(town, "alice"), await steps(town, "bob")) == ([("answer", 90)], [])
    await it.accept(by=somebody(town, "alice"))
    assert (await steps(town, "alice"), await steps(town, "bob")) == ([], []), "not on the day of the yes"
    await days_earlier(it, 1)
    assert (await steps(town, "alice"), await steps(town, "bob")) == ([("note", 90)], [("note", 90)])
    await it.declare(by=somebody(town, "bob"), minutes=60)
    assert (await steps(town, "alice"), await steps(town, "bob")) == ([("confirm", 60)], [])
    await it.confirm(by=somebody(town, "alice"))
    assert (await steps(town, "alice"), await steps(town, "bob")) == ([("thank", 60)], [])
    line = (await waiting(somebody(town, "alice")))[0]
    assert (line.url, line.title) == (it.url, "Monter une armoire")
    assert line.name.startswith("Bob")


async def test_thanks_are_not_asked_for_twice_nor_for_ever(orm: None, town: Town) -> None:
    from echange.exchanges import Thanks

    it = await settled(town)
    await Thanks.give(it, by=somebody(town, "alice"), words="Merci")
    assert await steps(town, "alice") == []
    other = await settled(town, 30)
    assert await steps(town, "alice") == [("thank", 30)]
    await other.filter(id=other.id).update(settled_at=now() - timedelta(days=15))
    assert await steps(town, "alice") == []
