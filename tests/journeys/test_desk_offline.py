"""A desk loses its network: the day goes on, nothing is lost, and what does not fit is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, Page, expect

from echange.database import fetch_value
from tests.conftest import Served, signed_in_context
from tests.journeys.writing import programme
from tests.lending.things import lent
from tests.neighbours import Town

SHELL = "/prets/comptoir/hors-ligne"


async def _asked(served: Served, item_id: int) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(minutes=5)
    window = {"start": start.isoformat(), "end": (start + timedelta(days=2)).isoformat()}
    async with programme(served, "alice") as alice:
        answer = await alice.post(f"/api/v1/items/{item_id}/reservations", json=window)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told


async def _prepared(browser: Browser, served: Served) -> Page:
    context = await signed_in_context(browser, served, "redoute", viewport={"width": 360, "height": 740})
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto("/prets/comptoir")
    await page.get_by_role("button", name="Préparer cet appareil").click()
    await page.wait_for_url(f"**{SHELL}")
    await expect(page.locator("[data-state]")).to_contain_text("En ligne")
    return page


async def _state(loan: dict[str, Any]) -> str:
    state: str = await fetch_value("SELECT state FROM loan WHERE id = $1", loan["id"])
    return state


async def test_a_thing_goes_out_and_comes_back_without_network(
    browser: Browser, served: Served, town: Town
) -> None:
    loan = await _asked(served, (await lent(town, "Barnum")).id)
    page = await _prepared(browser, served)
    code = await fetch_value("SELECT code FROM unit")

    await page.context.set_offline(True)
    await page.goto("/prets/comptoir")
    await expect(page.locator("[data-state]")).to_contain_text("Hors réseau")
    await page.get_by_label("Le code de l’étiquette").fill(code.lower())
    await page.get_by_role("button", name="Trouver").click()
    await page.get_by_role("button", name="Remettre").click()
    await expect(page.locator("[data-state]")).to_contain_text("1 geste à envoyer")
    await page.reload()
    await expect(page.locator("[data-state]")).to_contain_text("1 geste à envoyer")
    await page.locator("summary", has_text="Reprendre").click()
    await page.get_by_label("État").select_option("worn")
    await page.get_by_role("button", name="Reprendre").click()
    await expect(page.locator("[data-state]")).to_contain_text("2 gestes à envoyer")
    assert await _state(loan) == "approved"

    await page.context.set_offline(False)
    await expect(page.locator("[data-state]")).to_have_text("En ligne")
    assert await _state(loan) == "returned"
    assert await fetch_value("SELECT condition FROM unit") == "worn"


async def test_what_does_not_fit_any_more_is_settled_by_somebody(
    browser: Browser, served: Served, town: Town
) -> None:
    loan = await _asked(served, (await lent(town, "Barnum")).id)
    page = await _prepared(browser, served)
    await page.context.set_offline(True)
    await page.locator("summary", has_text="Remettre").click()
    await page.get_by_role("button", name="Remettre").click()
    await expect(page.locator("[data-state]")).to_contain_text("1 geste à envoyer")
    async with programme(served, "alice") as alice:
        answer = await alice.post(f"/api/v1/reservations/{loan['id']}/cancellation", json={})
        assert answer.status_code == 200

    await page.context.set_offline(False)
    await page.get_by_role("link", name="à régler").click()
    await expect(page.get_by_role("heading", name="Remis : Barnum")).to_be_visible()
    await page.get_by_role("button", name="Le faire maintenant").click()
    await expect(page.get_by_role("status").first).to_contain_text("changé")
    await page.get_by_role("button", name="Laisser tomber").click()
    await expect(page.get_by_text("Rien à régler.")).to_be_visible()


async def test_signing_out_leaves_nothing_and_loses_nothing(
    browser: Browser, served: Served, town: Town
) -> None:
    await _asked(served, (await lent(town, "Barnum")).id)
    page = await _prepared(browser, served)
    await page.goto("/moi")
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url(lambda url: not url.endswith("/moi"))
    left = await page.evaluate(
        """async () => [(await indexedDB.databases()).map((one) => one.name).includes("echange-desk"),
                         (await caches.keys()).length]"""
    )
    assert left == [False, 0]
