"""What cannot be, as people meet it: said plainly, with their words kept and a way on."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Served, signed_in_context
from tests.exchanges.twos import declared, somebody, state_of
from tests.hours.purse import have
from tests.mutual_aid.helps import asked
from tests.neighbours import Town
from tests.sweeping import Connection

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


async def page_of(browser: Browser, served: Served, handle: str) -> Page:
    return await (await signed_in_context(browser, served, handle, viewport=PHONE)).new_page()


async def test_whoever_has_spent_all_hears_what_can_be_done(
    browser: Browser, served: Served, town: Town, connection: Connection
) -> None:
    it = await declared(town)
    await have(connection, town["alice"], -570)
    alice = await page_of(browser, served, "alice")
    await alice.goto(it.url)
    await alice.get_by_role("button", name="Oui, 1 h 30").click()
    await expect(alice).to_have_title(re.compile("^Erreur"))
    await expect(alice.get_by_role("alert")).to_contain_text("fonds de solidarité")
    assert await state_of(it) == "declared"
    await alice.get_by_text("Pas le même temps ?").click()
    await alice.get_by_label("Combien de temps ?").fill("30 min")
    await alice.get_by_role("button", name="Envoyer mon chiffre").click()
    await expect(alice.get_by_role("heading", name="Vous avez noté 30 min")).to_be_visible()


async def test_what_is_too_much_for_one_goes_to_all(
    browser: Browser, served: Served, town: Town, connection: Connection
) -> None:
    it = await declared(town)
    await have(connection, town["bob"], 3570)
    await it.confirm(by=somebody(town, "alice"))
    bob = await page_of(browser, served, "bob")
    await bob.goto(it.url)
    await expect(bob.get_by_text("30 min de plus sur votre compte.")).to_be_visible()
    await expect(bob.get_by_text("Dont 1 h au fonds de solidarité.")).to_be_visible()
    await bob.get_by_role("link", name="Voir mes heures").click()
    await expect(bob.locator(".hours-figure")).to_have_text("60 h")
    await expect(bob.get_by_label("Le donner")).to_be_checked()


async def test_the_last_place_was_taken_meanwhile(browser: Browser, served: Served, town: Town) -> None:
    aid = await asked(town)
    charlie = await page_of(browser, served, "charlie")
    await charlie.goto(aid.url)
    await charlie.get_by_label("Quelques mots").fill("Je viens avec mon frère.")
    taken = await aid.answer(by=somebody(town, "bob"), words="Je viens.")
    await taken.accept(by=somebody(town, "alice"))
    await charlie.get_by_role("button", name="Proposer mon aide").click()
    await expect(charlie).to_have_title(re.compile("^Erreur"))
    await expect(charlie.get_by_role("alert")).to_contain_text("il n’y a plus de place")
    await expect(charlie.get_by_label("Quelques mots")).to_have_value("Je viens avec mon frère.")
    await charlie.goto(aid.url)
    await expect(charlie.get_by_text("Assez de voisins ont dit oui")).to_be_visible()
    await charlie.get_by_role("link", name="Voir l’entraide").click()
    await expect(charlie.get_by_role("heading", level=1)).to_have_text("Entraide")


async def test_nobody_answers_their_own_help(browser: Browser, served: Served, town: Town) -> None:
    aid = await asked(town)
    alice = await page_of(browser, served, "alice")
    await alice.goto(aid.url)
    await expect(alice.get_by_role("heading", name="Votre demande")).to_be_visible()
    await expect(alice.get_by_role("button", name="Proposer mon aide")).to_be_hidden()
    await expect(alice.get_by_role("link", name="Je peux aider")).to_be_hidden()


async def test_whom_one_avoids_finds_nothing_but_what_is_under_way(
    browser: Browser, served: Served, town: Town, connection: Connection
) -> None:
    aid, it = await asked(town), await declared(town)
    await connection.execute(
        "INSERT INTO block (by_id, member_id) VALUES ($1, $2)", town["alice"], town["bob"]
    )
    bob = await page_of(browser, served, "bob")
    await bob.goto("/entraide")
    await expect(bob.get_by_role("link", name=aid.title)).to_be_hidden()
    answer = await bob.goto(aid.url)
    assert answer is not None
    assert answer.status == 404
    await bob.goto("/echanges")
    await bob.get_by_role("link", name=it.title).click()
    await expect(bob.get_by_role("button", name="Reprendre mon chiffre")).to_be_visible()


async def test_gifts_wait_until_one_is_known(
    browser: Browser, served: Served, town: Town, connection: Connection
) -> None:
    await connection.execute("DELETE FROM verification WHERE member_id = $1", town["charlie"])
    charlie = await page_of(browser, served, "charlie")
    await charlie.goto("/temps")
    await charlie.get_by_role("link", name="Offrir des heures").click()
    main = charlie.get_by_role("main")
    await expect(main).to_contain_text("il faut d’abord être vérifié")
    await expect(main).to_contain_text("01 99 00 24 94")
    await expect(charlie.get_by_role("button", name="Offrir")).to_be_hidden()
