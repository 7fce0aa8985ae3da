"""Annonces in hostile hands: what cannot be stored is refused, what is somebody's stays theirs."""

import asyncio
from typing import Any

import httpx
import pytest

from echange.ads import refusals
from echange.ads.models import Ad, Answer
from echange.members import Member
from tests.ads.annonces import PHOTO, Connection, draft, photographed, published
from tests.ads.crowd import given, wanted
from tests.neighbours import Town


@pytest.mark.parametrize(
    "quartier", ["\0", "les-larris\0", True, 1.5, [1], {"id": 1}, -1, 2**40, "\u202eles-larris"]
)
async def test_a_quartier_that_cannot_be_one_is_refused(alice: httpx.AsyncClient, quartier: Any) -> None:
    answer = await alice.post("/api/v1/ads", json={"kind": "give", "title": "Pain", "quartier": quartier})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["quartier"])


async def test_a_zero_in_a_list_or_a_form_is_refused_too(alice: httpx.AsyncClient) -> None:
    assert (await alice.get("/api/v1/ads", params={"quartier": "\0"})).status_code == 422
    ad_id = await draft(alice)
    words = {"body": "Gardez mes mots", "quartier": "\0"}
    answer = await alice.post(f"/publier/{ad_id}/details", data=words)
    assert answer.status_code == 422
    assert "Gardez mes mots" in answer.text


async def test_a_photo_of_an_impossible_width_is_not_found(
    client: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    ad_id = await published(alice)
    url = await photographed(alice, ad_id)
    assert (await client.get(url)).status_code == 200
    for width in ("0", "641", "9" * 5000):
        assert (await client.get(f"{url.rpartition('-')[0]}-{width}.webp")).status_code == 404


async def test_a_draft_without_an_account_is_kept_by_no_cache(client: httpx.AsyncClient) -> None:
    assert "cache-control" not in (await client.get("/publier")).headers
    answer = await client.post(
        "/publier", data={"kind": "give", "title": "Pain"}, files={"photos": ("a.jpg", PHOTO)}
    )
    for step in ("", "/details", "/apercu"):
        page = await client.get(answer.headers["location"].removesuffix("/details") + step)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize("client_id", ["mon identifiant à moi", "é" * 64, "{0.__class__}"])
async def test_an_answer_goes_by_any_name_its_client_gives_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, client_id: str
) -> None:
    ad_id = await published(alice)
    body = {"body": "Je le prends", "client_id": client_id}
    for _ in range(2):
        assert (await bob.post(f"/api/v1/ads/{ad_id}/answers", json=body)).status_code == 201
    assert await connection.fetchval("SELECT array_agg(client_id) FROM event") == [client_id]


@pytest.mark.parametrize("path", ["/annonces", "/annonces.atom", "/api/v1/ads"])
async def test_a_word_without_end_finds_nothing(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, params={"q": "é" * 81})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/annonces", "/annonces.atom"])
async def test_nobody_has_such_a_name(client: httpx.AsyncClient, path: str) -> None:
    for name in ("x" * 41, "😀" * 80):
        assert (await client.get(path, params={"par": name})).status_code == 200


async def test_an_annonce_is_corrected_as_it_is_now_not_as_it_was_read(orm: None, town: Town) -> None:
    alice = await Member.get(id=town["alice"])
    read = await Ad.start(kind="give", title="Lit", by=alice)
    await read.edit(quartier="les-larris", fair=True)
    await (await Ad.get(id=read.id)).publish(by=alice)
    with pytest.raises(refusals.KindIsFixed):
        await read.edit(by=alice, kind="sell")
    assert (await Ad.get(id=read.id)).kind == "give"


async def test_a_queue_and_its_first_answer_at_once_leave_no_answer_without_a_way(
    orm: None, town: Town
) -> None:
    alice, bob = await Member.get(id=town["alice"]), await Member.get(id=town["bob"])
    for _ in range(8):
        ad = await given(alice.id, town.quartiers["les-larris"])
        outcomes = await asyncio.gather(
            ad.edit(by=alice, fair=False), wanted(ad, bob), return_exceptions=True
        )
        assert {type(one) for one in outcomes} <= {type(None), list, refusals.QueueIsFixed}
        fair = (await Ad.get(id=ad.id)).fair
        answer = await Answer.get(ad_id=ad.id)
        assert fair == (answer.conversation_id is None)
