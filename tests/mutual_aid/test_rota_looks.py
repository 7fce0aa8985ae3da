"""Pages of rotas and groups in a real browser: nothing for axe, nothing that scrolls sideways."""

import os

import pytest
from playwright.async_api import Browser

from echange.members import Organisation
from echange.mutual_aid.models import HelperGroup
from tests.conftest import Served, signed_in_context
from tests.house.looking import faults_of
from tests.members.organisations import settle_redoute
from tests.mutual_aid.helps import Connection, somebody
from tests.mutual_aid.rotas import crowd, on_rota
from tests.neighbours import Town

pytestmark = pytest.mark.browser


async def test_rotas_and_groups(served: Served, browser: Browser, town: Town, connection: Connection) -> None:
    home = await settle_redoute(connection, town, alice="member")
    alice, bob = somebody(town, "alice"), somebody(town, "bob")
    group = await HelperGroup.create_for(
        await Organisation.get(id=home.id),
        by=somebody(town, "redoute"),
        name="Aide aux devoirs",
        words="Le mardi et le jeudi, à la maison de quartier.",
        coordinator_id=town["alice"],
    )
    await group.ask(by=bob)
    await group.accept(town["bob"], by=alice)
    await group.ask(by=somebody(town, "charlie"))
    aid, slot, shifts = await on_rota(town, role="Lecture et calcul", people=2)
    people = await crowd(3)
    for one in people:
        await shifts[0].come(by=one)
    await shifts[1].come(by=bob)
    await shifts[2].come(by=bob)
    await shifts[2].ask_swap(by=bob)
    await shifts[3].cancel(by=alice, reason="Jour férié")
    await shifts[4].offer_to(town["bob"], by=alice)
    url = f"{home.url}/benevoles"
    everybodys = [
        f"/entraide/{aid.id}/planning", *(f"/entraide/creneaux/{shift.id}" for shift in shifts),
        "/entraide/mes-creneaux", url, f"{url}/{group.id}",
    ]  # fmt: skip
    keepers = [
        f"/entraide/{aid.id}/planning/nouveau", f"/entraide/planning/{slot.id}/modifier",
        f"/entraide/planning/{slot.id}/fin", f"{url}/{group.id}/modifier",
    ]  # fmt: skip
    theirs = await signed_in_context(browser, served, "bob")
    hers = await signed_in_context(browser, served, "alice")
    if folder := os.environ.get("ROTA_PICTURES"):
        for context, who in ((theirs, "bob"), (hers, "alice")):
            page = await context.new_page()
            for width in (1280, 320):
                await page.set_viewport_size({"width": width, "height": 900})
                for n, address in enumerate([*everybodys, *(keepers if who == "alice" else [])]):
                    await page.goto(address)
                    await page.screenshot(path=f"{folder}/{who}-{width}-{n}.png", full_page=True)
    assert await faults_of(theirs, everybodys) == []
    assert await faults_of(hers, [*everybodys[:2], everybodys[-1], *keepers]) == []
