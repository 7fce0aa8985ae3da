"""The life of an annonce: held back, in the lists, renewed, expired, closed, hidden, and every way out."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from echange.ads import Ad
from echange.ads.lasting import expire, release_waiting, warn
from echange.ads.links import renewal_link
from echange.ads.refusals import (
    AddressUnconfirmed,
    AlreadyClosed,
    AwayOwner,
    HiddenAd,
    NotHeld,
    NotHidden,
    TooEarly,
)
from echange.http import NotAllowed, Viewer
from echange.http.dates import now
from tests.ads.annonces import Connection, draft, photographed, published
from tests.conftest import Doors, sign_in
from tests.neighbours import Town

SECRET = "un secret pour signer"


def somebody(town: Town, handle: str, *roles: str) -> Viewer:
    return Viewer(id=town[handle], name=handle, handle=handle, confirmed=True, roles=frozenset(roles))


async def shown(town: Town, handle: str = "alice", **changes: Any) -> Ad:
    """A published annonce of a neighbour."""
    ad = await Ad.start(kind=str(changes.pop("kind", "give")), title="Fauteuil", by=somebody(town, handle))
    await ad.edit(quartier="les-larris", **changes)
    await ad.publish(by=somebody(town, handle))
    return ad


async def seen(ad: Ad, viewer: Viewer | None) -> bool:
    return await Ad.visible_to(viewer).filter(id=ad.id).exists()


async def states(ad: Ad) -> tuple[str, bool]:
    fresh = await Ad.get(id=ad.id)
    return fresh.state, fresh.listed


async def told(connection: Connection, kind: str) -> list[int]:
    rows = await connection.fetch("SELECT member_id FROM notice WHERE kind = $1 ORDER BY id", kind)
    return [row["member_id"] for row in rows]


# ── newcomers ──


async def unverified(connection: Connection, town: Town, handle: str = "alice") -> None:
    await connection.execute("UPDATE member SET verified_at = NULL WHERE id = $1", town[handle])


async def test_the_first_two_annonces_of_a_newcomer_wait_and_the_third_does_not(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    for _ in range(2):
        ad = await shown(town)
        assert await states(ad) == ("held", False)
        await ad.release(by=somebody(town, "moderatrice"))
        assert await states(ad) == ("published", True)
    assert await states(await shown(town)) == ("published", True)
    assert await told(connection, "ad_released") == [town["alice"]] * 2


async def test_annonces_that_still_wait_do_not_make_somebody_known(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    assert [(await shown(town)).state for _ in range(3)] == ["held"] * 3


async def test_a_held_annonce_is_seen_by_its_owner_and_moderators_alone(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad = await shown(town)
    assert await seen(ad, somebody(town, "alice"))
    assert await seen(ad, somebody(town, "moderatrice", "moderator"))
    assert not await seen(ad, somebody(town, "bob"))
    assert not await seen(ad, somebody(town, "concierge", "concierge"))
    assert not await seen(ad, None)


async def test_after_a_day_the_clock_lets_it_in_once_the_address_is_confirmed(
    orm: None, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad, fresh = await shown(town), await shown(town)
    await connection.execute("UPDATE ad SET held_at = now() - interval '1 day' WHERE id = $1", ad.id)
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    await release_waiting()
    assert (await states(ad))[0] == "held"
    with pytest.raises(AddressUnconfirmed):
        await ad.release(by=somebody(town, "moderatrice"))
    await connection.execute("UPDATE member SET confirmed_at = now() WHERE id = $1", town["alice"])
    await release_waiting()
    assert await states(ad) == ("published", True)
    assert (await states(fresh))[0] == "held", "its day is not over"
    with pytest.raises(NotHeld):
        await ad.release(by=None)


async def test_the_owner_reads_until_when_it_waits(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    await unverified(connection, town)
    ad_id = await draft(alice)
    sent = await alice.post(f"/publier/{ad_id}/publication")
    page = (await alice.get(sent.headers["location"])).text
    assert "Quelqu’un relit votre annonce" in page
    assert "au plus tard" in page
    assert "En attente de relecture" in (await alice.get("/moi/annonces")).text
    await connection.execute("UPDATE member SET confirmed_at = NULL WHERE id = $1", town["alice"])
    assert "Confirmez d’abord votre adresse" in (await alice.get(sent.headers["location"])).text


# ── lasting ──


async def test_an_annonce_lasts_sixty_days_and_a_standing_offer_for_ever(orm: None, town: Town) -> None:
    ad, offer = await shown(town), await shown(town, kind="service_offered", standing=True)
    assert ad.expires_at is not None
    assert timedelta(days=59, hours=23) < ad.expires_at - now() <= timedelta(days=60)
    assert (offer.expires_at, (await Ad.get(id=offer.id)).listed) == (None, True)
    assert offer.vouched_at is not None


async def test_what_is_past_is_not_open_even_when_the_clock_is_late(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    await connection.execute("UPDATE ad SET expires_at = now() WHERE id = $1", ad.id)
    late = await Ad.get(id=ad.id)
    assert late.state == "expired"
    assert not late.can_be_answered_by(somebody(town, "bob"))
    await expire()
    assert await states(ad) == ("expired", False)


async def test_a_reserved_annonce_does_not_expire_under_a_promise(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    await connection.execute("UPDATE ad SET expires_at = now(), reserved = true WHERE id = $1", ad.id)
    await expire()
    assert await states(ad) == ("reserved", True)


async def test_when_the_last_one_expires_its_owner_is_told_once(
    orm: None, connection: Connection, town: Town
) -> None:
    first, second, other = await shown(town), await shown(town), await shown(town, "bob")
    await connection.execute("UPDATE ad SET expires_at = now() WHERE id = $1", first.id)
    await expire()
    assert await told(connection, "ads_expired") == [], "one is still open"
    await connection.execute("UPDATE ad SET expires_at = now() WHERE id = $1", second.id)
    await expire()
    await expire()
    assert await told(connection, "ads_expired") == [town["alice"]]
    assert (await states(other))[0] == "published"


async def test_a_week_before_a_mailed_link_renews_without_signing_in(
    app: Starlette, client: httpx.AsyncClient, alice: httpx.AsyncClient, connection: Connection
) -> None:
    ad_id = await published(alice)
    await warn(app.state.secret)
    assert await connection.fetchval("SELECT count(*) FROM notice") == 0, "too early to warn"
    await connection.execute("UPDATE ad SET expires_at = now() + interval '6 days'")
    await warn(app.state.secret)
    await warn(app.state.secret)
    rows = await connection.fetch("SELECT kind, link FROM notice")
    assert [row["kind"] for row in rows] == ["ad_expiring"]
    link = rows[0]["link"]
    asked = await client.get(link)
    assert "Oui, la prolonger" in asked.text
    near = await connection.fetchval("SELECT expires_at FROM ad")
    assert near < now() + timedelta(days=7), "reading it changes nothing"
    assert (await client.post(link)).headers["location"] == link
    assert await connection.fetchval("SELECT expires_at FROM ad") > now() + timedelta(days=59)
    at = await connection.fetchval("SELECT vouched_at FROM ad")
    assert "C’est déjà fait" in (await client.get(link)).text
    await client.post(link)
    assert await connection.fetchval("SELECT vouched_at FROM ad") == at, "a link serves once"
    forged = link[:-6] + ("A" if link[-6] != "A" else "B") + link[-5:]
    assert (await client.get(forged)).status_code == 404
    assert (await client.post("/renouveler/nimporte")).status_code == 404
    assert (await client.get(f"/annonces/{ad_id}")).status_code == 301


async def test_a_standing_offer_is_asked_about_every_ninety_days(
    orm: None, connection: Connection, town: Town
) -> None:
    offer = await shown(town, kind="lend", standing=True)
    await warn(SECRET)
    assert await told(connection, "ad_standing") == []
    await connection.execute("UPDATE ad SET vouched_at = now() - interval '90 days'")
    await warn(SECRET)
    await warn(SECRET)
    assert await told(connection, "ad_standing") == [town["alice"]]
    await (await Ad.get(id=offer.id)).renew(by=somebody(town, "alice"))
    fresh = await Ad.get(id=offer.id)
    assert (fresh.expires_at, fresh.warned_at) == (None, None)
    assert fresh.vouched_at is not None
    assert now() - fresh.vouched_at < timedelta(minutes=1)


async def test_renewing_is_for_the_last_two_weeks_or_once_expired(
    orm: None, connection: Connection, town: Town
) -> None:
    ad = await shown(town)
    with pytest.raises(TooEarly):
        await ad.renew(by=somebody(town, "alice"))
    for left in ("13 days", "-1 days"):
        await connection.execute(f"UPDATE ad SET expires_at = now() + interval '{left}'")
        await expire()
        await ad.renew(by=somebody(town, "alice"))
        assert await states(ad) == ("published", True)
        assert (await Ad.get(id=ad.id)).expired_at is None
    with pytest.raises(NotAllowed):
        await ad.renew(by=somebody(town, "bob"))


async def test_renewing_through_page_and_api(alice: httpx.AsyncClient, connection: Connection) -> None:
    ad_id = await published(alice)
    early = await alice.post(f"/api/v1/ads/{ad_id}/renewal")
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    said = await alice.post(f"/annonces/{ad_id}/renouvellement")
    assert "deux semaines avant" in (await alice.get(said.headers["location"])).text
    await connection.execute("UPDATE ad SET expires_at = now() - interval '1 hour'")
    page = (await alice.get(f"/annonces/{ad_id}-fauteuil-crapaud")).text
    assert "La remettre en ligne 60 jours" in page
    assert "Toutes vos annonces ont expiré" in (await alice.get("/moi/annonces")).text
    await alice.post(f"/annonces/{ad_id}/renouvellement")
    assert (await alice.get(f"/api/v1/ads/{ad_id}")).json()["state"] == "published"
    await connection.execute("UPDATE ad SET expires_at = now() - interval '1 hour'")
    renewed = await alice.post(f"/api/v1/ads/{ad_id}/renewal")
    assert (renewed.status_code, renewed.json()["state"]) == (201, "published")


# ── ending ──


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


# ── who meets whom ──


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


# ── hats ──


@pytest.fixture
async def redoute(app: Starlette, connection: Connection, town: Town) -> int:
    """An association that Charlie keeps, Bob manages and Alice only belongs to."""
    organisation: int = await connection.fetchval(
        "INSERT INTO organisation (slug, name, sort_key) VALUES ('fetes', 'Les Fêtes', 'fetes') RETURNING id"
    )
    for handle, role in (("charlie", "owner"), ("bob", "manager"), ("alice", "member")):
        await connection.execute(
            "INSERT INTO membership (organisation_id, member_id, role) VALUES ($1, $2, $3)",
            organisation, town[handle], role,
        )  # fmt: skip
    return organisation


async def wear(connection: Connection, town: Town, handle: str, organisation: int | None) -> None:
    await connection.execute(
        "UPDATE session SET acting_for_id = $2 WHERE member_id = $1", town[handle], organisation
    )


async def test_an_annonce_is_published_under_the_hat_and_kept_by_all_who_wear_it(
    bob: httpx.AsyncClient, charlie: httpx.AsyncClient, client: httpx.AsyncClient,
    connection: Connection, town: Town, redoute: int,
) -> None:  # fmt: skip
    await wear(connection, town, "bob", redoute)
    ad_id = await draft(bob, title="Chaises à prêter", kind="lend")
    preview = (await bob.get(f"/publier/{ad_id}/apercu")).text
    assert "Publier au nom de Les Fêtes" in preview
    assert "Publier en mon nom" in preview
    url = (await bob.post(f"/publier/{ad_id}/publication")).headers["location"]
    page = (await client.get(url)).text
    assert "Les Fêtes" in page
    assert "Bob Traoré" not in page
    assert "/associations/fetes" in page
    refused = await charlie.patch(f"/api/v1/ads/{ad_id}", json={"title": "Vingt chaises"})
    assert refused.status_code == 403, "not without the hat"
    await wear(connection, town, "charlie", redoute)
    changed = await charlie.patch(f"/api/v1/ads/{ad_id}", json={"title": "Vingt chaises"})
    assert (changed.status_code, changed.json()["organisation"]["slug"]) == (200, "fetes")
    assert "Vingt chaises" in (await charlie.get("/moi/annonces")).text
    assert (await charlie.post(f"/api/v1/ads/{ad_id}/closure", json={"outcome": "done"})).status_code == 201


async def test_one_gesture_publishes_in_ones_own_name_under_a_hat(
    bob: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await draft(bob)
    await bob.post(f"/publier/{ad_id}/publication", data={"as_myself": "1"})
    assert await connection.fetchval("SELECT organisation_id FROM ad") is None


async def test_who_only_belongs_publishes_in_their_own_name(
    alice: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "alice", redoute)
    ad_id = await draft(alice)
    assert "Publier au nom" not in (await alice.get(f"/publier/{ad_id}/apercu")).text
    shown_ad = (await alice.post(f"/api/v1/ads/{ad_id}/publication")).json()
    assert shown_ad["organisation"] is None


async def test_who_no_longer_speaks_for_it_leaves_its_annonces_to_an_owner(
    bob: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    await connection.execute("DELETE FROM membership WHERE member_id = $1", town["bob"])
    assert await connection.fetchval("SELECT owner_id FROM ad") == town["charlie"]
    assert (await bob.patch(f"/api/v1/ads/{ad_id}", json={"title": "Volé"})).status_code == 403


async def test_leaving_erases_ones_annonces_and_passes_on_the_organisations(
    app: Starlette, alice: httpx.AsyncClient, bob: httpx.AsyncClient,
    connection: Connection, town: Town, redoute: int,
) -> None:  # fmt: skip
    from echange.ads.privacy import belongings
    from echange.database import in_transaction

    await wear(connection, town, "bob", redoute)
    kept = await published(bob, title="À l’association")
    await wear(connection, town, "bob", None)
    own = await published(bob, title="À Bob")
    await photographed(bob, own)
    await draft(bob)
    theirs = await published(alice)
    await bob.post(f"/api/v1/ads/{theirs}/answers", json={"body": "Moi"})
    sentences = await belongings.told(town["bob"])
    assert len(sentences) == 3
    async with in_transaction():
        await belongings.forget(town["bob"], app.state.store)
    rows = await connection.fetch("SELECT id, owner_id FROM ad ORDER BY id")
    assert [tuple(row) for row in rows] == [(kept, town["charlie"]), (theirs, town["alice"])]
    assert not list(app.state.store.folder.rglob("*.webp"))
    assert await connection.fetchval("SELECT withdrawn_at IS NOT NULL FROM answer")


async def test_a_link_of_another_house_renews_nothing(client: httpx.AsyncClient, app: Starlette) -> None:
    assert (await client.get(renewal_link("autre secret", 1, now()))).status_code == 404


async def test_a_newcomer_signed_up_just_now_waits_too(
    app: Starlette, connection: Connection, town: Town
) -> None:
    await unverified(connection, town, "bob")
    async with Doors(app).open() as browser:
        started = await browser.post("/publier", data={"kind": "give", "title": "Pot"})
        await sign_in(browser, "bob")
        ad_id = started.headers["location"].split("/")[2]
        await browser.post(f"/publier/{ad_id}/publication")
        assert "Pot" not in (await browser.get("/annonces")).text


async def test_the_hat_of_an_organisation_nobody_checked_lets_no_newcomer_pass(
    bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await unverified(connection, town, "bob")
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    assert (await client.get(f"/api/v1/ads/{ad_id}")).status_code == 404
    assert (await bob.get(f"/api/v1/ads/{ad_id}")).json()["state"] == "held"
    await connection.execute("UPDATE organisation SET verified_at = now()")
    assert (await client.get(f"/api/v1/ads/{await published(bob)}")).json()["state"] == "published"


async def test_an_organisations_annonce_does_not_name_who_is_away(
    bob: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection, town: Town, redoute: int
) -> None:
    await wear(connection, town, "bob", redoute)
    ad_id = await published(bob)
    await connection.execute("UPDATE member SET paused_at = now() WHERE id = $1", town["bob"])
    shown_ad = (await client.get(f"/api/v1/ads/{ad_id}")).json()
    assert (shown_ad["state"], shown_ad["owner"]) == ("published", None)
