"""The pages of mandates and of people without a mailbox in a real browser, in each of their states."""

import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from echange.notifications import tell
from tests.conftest import Doors, Served, sign_in, signed_in_context
from tests.house.looking import faults_of
from tests.members.mandating import ask, settle, sign, wear
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def test_both_sides_and_the_desk_see_whole_pages(
    app: Starlette, served: Served, browser: Browser, alice: httpx.AsyncClient, town: Town
) -> None:
    async with Doors(app).open() as nadia, Doors(app).open() as bob:
        await sign_in(nadia, "concierge")
        await sign_in(bob, "bob")
        odile = await settle(nadia, offers="Tricot")
        desk = await sign(nadia, odile)
        await wear(nadia, desk)
        named = await ask(alice, "bob")
        await bob.post(f"/moi/mandats/{named}/accord")
        await wear(bob, named)
        waiting = await ask(bob, "alice", words="Pour le jardin.")
    await tell(odile, "vouched", link="/membres/odile-perrin", name="Alice Morel", by=town["alice"])
    hers = [
        "/moi/mandats", f"/moi/mandats/{named}", f"/moi/mandats/{waiting}", f"/moi/mandats/{named}/fin",
        f"/moi/mandats/{named}/formulaire", f"/moi/mandats/{named}/releve", "/moi/mandats/nouveau?membre=bob",
        "/membres/odile-perrin",
    ]  # fmt: skip
    account = f"/administration/membres/{odile}"
    theirs = [
        account, f"{account}/fiche", f"{account}/mandat", f"{account}/depart", f"{account}/fait-pour-vous",
        "/administration/a-dire", "/administration/membres/nouveau", "/administration/mandat-vierge",
        "/administration/membres?q=odile", f"/moi/mandats/{desk}",
    ]  # fmt: skip
    assert await faults_of(await signed_in_context(browser, served, "alice"), hers) == []
    assert await faults_of(await signed_in_context(browser, served, "concierge"), theirs) == []
