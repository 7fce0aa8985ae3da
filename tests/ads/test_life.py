"""The life of an annonce: closed, hidden, met or not, and a way out of every state."""

import asyncio

import httpx
import pytest

from echange.ads import Ad
from echange.ads.refusals import (
    AlreadyClosed,
    AwayOwner,
    HiddenAd,
    NotHidden,
)
from echange.http import Viewer
from tests.ads.annonces import Connection, draft, photographed, published
from tests.ads.lives import seen, shown, somebody, states
from tests.neighbours import Town


async def test_the_weight_of_a_gift_is_kept_with_its_closing(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice, weight_kg=12.4)
    assert 'value="12,5"' in (await alice.get(f"/annonces/{ad_id}/cloture")).text
    await alice.post(f"/annonces/{ad_id}/cloture", data={"outcome": "given", "weight_kg": "30"})
    assert await connection.fetchval("SELECT weight_grams FROM closure") == 30_000
    other = await published(alice, weight_kg=2)
    closed = await alice.post(f"/api/v1/ads/{other}/closure", json={"outcome": "withdrawn", "weight_kg": 2})
    assert closed.json()["weight_kg"] is None, "nothing was given"
    wrong = await alice.post(
        f"/annonces/{await published(alice)}/cloture", data={"outcome": "given", "weight_kg": "lourd"}
    )
    assert wrong.status_code == 422


async def test_what_is_reopened_after_its_time_lasts_anew(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    await ad.close(by=somebody(town, "alice"), outcome="given")
    await connection.execute("UPDATE ad SET expires_at = now() - interval '1 day'")
    again = await Ad.get(id=ad.id)
    await again.reopen(by=somebody(town, "alice"))
    assert await states(ad) == ("published", True)


async def test_a_closed_annonce_is_read_for_ninety_days_then_by_its_owner_alone(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    await ad.close(by=somebody(town, "alice"), outcome="given")
    for days, by_others in ((89, True), (91, False)):
        await connection.execute("UPDATE ad SET closed_at = now() - $1 * interval '1 day'", days)
        assert await seen(ad, None) is await seen(ad, somebody(town, "bob")) is by_others
        assert await seen(ad, somebody(town, "alice"))
        assert await seen(ad, somebody(town, "moderatrice", "moderator"))


async def test_a_hidden_annonce_says_so_to_its_owner_and_may_be_restored(
    orm: None, connection: Connection, town: Town
) -> None:
    ad, moderator = await shown(town), somebody(town, "moderatrice", "moderator")
    await ad.hide(by=moderator)
    assert await states(ad) == ("hidden", False)
    assert not await seen(ad, somebody(town, "bob"))
    with pytest.raises(HiddenAd):
        await ad.hide(by=moderator)
    with pytest.raises(HiddenAd):
        await ad.renew(by=somebody(town, "alice"))
    await ad.restore(by=moderator)
    assert await states(ad) == ("published", True)
    with pytest.raises(NotHidden):
        await ad.restore(by=moderator)


async def test_nothing_of_somebody_unseen_or_away_is_seen(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    bob = somebody(town, "bob")
    blocked = Viewer(id=bob.id, name="bob", handle="bob", confirmed=True, unseen=frozenset({town["alice"]}))
    assert await seen(ad, bob)
    assert not await seen(ad, blocked)
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["alice"])
    assert not await seen(ad, bob)
    assert await seen(ad, somebody(town, "alice"))
    late = await Ad.start(kind="give", title="Pendant la pause", by=somebody(town, "alice"))
    with pytest.raises(AwayOwner):
        await late.publish(by=somebody(town, "alice"))


async def test_of_renewal_and_closing_at_once_both_leave_a_sound_row(
    orm: None, connection: Connection, town: Town
) -> None:
    ad, alice = await shown(town), somebody(town, "alice")
    await connection.execute("UPDATE ad SET expires_at = now() + interval '1 day'")
    twin = await Ad.get(id=ad.id)
    results = await asyncio.gather(
        ad.close(by=alice, outcome="given"), twin.renew(by=alice), return_exceptions=True
    )
    assert all(not isinstance(one, Exception) or isinstance(one, AlreadyClosed) for one in results)
    assert await states(ad) == ("closed", False)


STATES = {
    "draft": "SELECT 1",
    "held": "UPDATE ad SET held_at = now()",
    "published": "SELECT 1",
    "reserved": "UPDATE ad SET reserved = true",
    "expired": "UPDATE ad SET expires_at = now() - interval '1 day', expired_at = now()",
    "closed": "INSERT INTO closure (ad_id, by_id, outcome) SELECT id, owner_id, 'given' FROM ad",
    "hidden": "UPDATE ad SET hidden_at = now()",
}


# The ways out that pages offer, and the API takes, in every state.
WAYS_OUT = {
    "draft": [("POST", "/publication", 201), ("DELETE", "", 204)],
    "held": [("POST", "/closure", 201), ("DELETE", "", 204)],
    "published": [("POST", "/closure", 201), ("DELETE", "", 204)],
    "reserved": [("POST", "/closure", 201), ("DELETE", "", 204)],
    "expired": [("POST", "/renewal", 201), ("POST", "/closure", 201), ("DELETE", "", 204)],
    "closed": [("DELETE", "/closure", 204), ("DELETE", "", 204)],
    "hidden": [("DELETE", "", 204)],
}


PAGE_OFFERS = {
    "held": "/cloture", "published": "/cloture", "reserved": "/cloture", "expired": "/renouvellement",
    "closed": "/reouverture", "hidden": "/suppression",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
async def test_every_state_has_its_way_out_in_pages_and_api(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection, state: str
) -> None:
    for method, path, code in WAYS_OUT[state]:
        ad_id = await (draft if state == "draft" else published)(alice)
        await photographed(alice, ad_id)
        await connection.execute(STATES[state])
        if state == "closed":
            await connection.execute("UPDATE ad SET closed_at = now()")
        assert (await alice.get(f"/api/v1/ads/{ad_id}")).json()["state"] == state
        mine = (await alice.get("/moi/annonces")).text
        assert "Fauteuil crapaud" in mine
        if state in PAGE_OFFERS:
            page = (await alice.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
            assert f"/annonces/{ad_id}{PAGE_OFFERS[state]}" in page
        hidden = state in {"draft", "held", "hidden"}
        assert (await bob.get(f"/annonces/{ad_id}")).status_code == (404 if hidden else 301)
        assert (await bob.get(f"/api/v1/ads/{ad_id}")).status_code == (404 if hidden else 200)
        body = {"outcome": "given"} if path == "/closure" and method == "POST" else None
        answer = await alice.request(method, f"/api/v1/ads/{ad_id}{path}", json=body)
        assert answer.status_code == code, (path, answer.text)
        await connection.execute("DELETE FROM ad")
