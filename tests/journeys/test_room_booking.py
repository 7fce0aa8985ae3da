"""A machine of a place: the training is asked for and given, then an hour is booked."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from echange import booking
from echange.booking import Rules
from echange.http.dates import today
from echange.lending import Lender
from echange.lending.models import Training
from tests.conftest import Served, signed_in_context
from tests.journeys.lending import PHONE
from tests.lending.things import lent, redoute, somebody
from tests.neighbours import Town
from tests.places.houses import forge

pytestmark = pytest.mark.browser

TITLE = "Découpeuse laser"
TRAINING = "Prise en main du laser"
BY_THE_HOUR = Rules(min_minutes=60, max_minutes=240, spans=False, step=30)


async def test_the_laser_is_booked_by_who_has_learnt_it(browser: Browser, served: Served, town: Town) -> None:
    await machine(town)
    alice = await (await signed_in_context(browser, served, "alice", viewport=PHONE)).new_page()
    keeper = await (await signed_in_context(browser, served, "redoute")).new_page()
    await ask_for_the_training(alice)
    await give_it(keeper)
    await book_an_hour(alice)
    bob = await (await signed_in_context(browser, served, "bob")).new_page()
    await expect_taken(bob)


async def machine(town: Town) -> None:
    """Of a place that the association keeps, open every day from nine to six."""
    hours = [booking.Opening(day, 9 * 60, 18 * 60) for day in range(7)]
    place = await forge(hours=hours, organisation_id=(await redoute(town)).id)
    lender = await Lender.of(place_id=place.id)
    training = await Training.define(lender, by=somebody(town, "redoute"), name=TRAINING)
    await lent(town, TITLE, kind="machine", lender=lender, terms=BY_THE_HOUR, training_id=training.id)


async def ask_for_the_training(alice: Page) -> None:
    """From the place's page, which says what can be used there."""
    await alice.goto("/lieux")
    await alice.get_by_role("link", name="La Forge").first.click()
    await alice.get_by_role("link", name=TITLE).click()
    await expect(alice.get_by_role("main")).to_contain_text(f"demande d’abord une formation : {TRAINING}")
    await alice.get_by_role("button", name="Demander cette formation").click()
    await alice.wait_for_url("**/messages/*")


async def give_it(keeper: Page) -> None:
    """From what one lends to whoever was there."""
    await keeper.goto("/moi/materiel")
    await keeper.get_by_role("link", name="Formations").first.click()
    await keeper.get_by_role("link", name=TRAINING).click()
    await keeper.get_by_label("Qui l’a suivie ?").fill("alice")
    await keeper.get_by_role("button", name="Noter").click()
    await expect(keeper.get_by_role("link", name="Alice Morel")).to_be_visible()


async def book_an_hour(alice: Page) -> None:
    await alice.goto("/avis")
    await alice.get_by_role("button", name=TRAINING).first.click()
    await open_the_day_after_tomorrow(alice)
    await alice.get_by_role("group", name="Début").get_by_role("link", name="10 h", exact=True).click()
    await alice.get_by_role("group", name="Fin").get_by_role("link", name="11 h", exact=True).click()
    await alice.get_by_role("button", name="Réserver").click()
    await expect(alice.get_by_role("heading", name="C’est accordé")).to_be_visible()
    await expect(alice.get_by_text("12 rue de la Réunion").first).to_be_visible()


async def open_the_day_after_tomorrow(page: Page) -> None:
    await page.goto("/prets?sorte=machine")
    await page.get_by_role("link", name=TITLE).click()
    await page.get_by_label("Un autre jour").fill((today() + timedelta(days=2)).isoformat())
    await page.get_by_role("button", name="Voir ce jour").click()


async def expect_taken(bob: Page) -> None:
    """A day is taken, not by whom."""
    await open_the_day_after_tomorrow(bob)
    starts = bob.get_by_role("group", name="Début")
    await expect(starts.get_by_role("link", name="9 h", exact=True)).to_be_visible()
    await expect(starts.get_by_role("link", name="10 h", exact=True)).to_have_count(0)
    await expect(bob.get_by_role("main")).not_to_contain_text("Alice")
