"""How long an annonce lasts, and what prolongs it."""

from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from echange.ads import Ad
from echange.ads.lasting import expire, warn
from echange.ads.links import renewal_link
from echange.ads.refusals import (
    TooEarly,
)
from echange.http import NotAllowed
from echange.http.dates import now
from tests.ads.annonces import Connection, published
from tests.ads.lives import SECRET, shown, somebody, states, told
from tests.neighbours import Town


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


async def test_a_link_of_another_house_renews_nothing(client: httpx.AsyncClient, app: Starlette) -> None:
    assert (await client.get(renewal_link("autre secret", 1, now()))).status_code == 404
