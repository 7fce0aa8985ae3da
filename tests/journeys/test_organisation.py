"""An association comes to life: founded, joined by invitation, spoken for, verified; scripts on and off."""

import re

import pytest
from playwright.async_api import Browser, expect

from echange.config import Settings
from tests.conftest import Served, signed_in_context
from tests.members.mailbox import letters_to, path_in
from tests.neighbours import Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_an_association_shows_who_it_is_and_who_speaks_for_it(
    browser: Browser, served: Served, settings: Settings, town: Town, scripts: bool
) -> None:
    alice = await (await signed_in_context(browser, served, "alice", java_script_enabled=scripts)).new_page()
    await alice.goto("/associations")
    await alice.get_by_role("link", name="Inscrire").first.click()
    await alice.get_by_role("radio", name="Une association").check()
    await alice.get_by_label("Son nom").fill("Chœur du Village")
    await alice.get_by_role("textbox", name="Numéro RNA").fill("W94123")
    await alice.get_by_role("button", name="Mettre la page en ligne").click()
    await expect(alice).to_have_title(re.compile("^Erreur"))
    await expect(alice.get_by_label("Son nom")).to_have_value("Chœur du Village")
    await alice.get_by_role("textbox", name="Numéro RNA").fill("W941234567")
    await alice.get_by_role("button", name="Mettre la page en ligne").click()
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Chœur du Village")

    await alice.get_by_role("link", name="Gérer les personnes").click()
    await alice.get_by_label("Adresse e-mail").fill("bob@echange.example")
    await alice.get_by_role("radio", name=re.compile("^Porte-parole")).check()
    await alice.get_by_role("button", name="Envoyer l’invitation").click()
    await expect(alice.get_by_role("heading", name="bob@echange.example")).to_be_visible()

    bob = await (await signed_in_context(browser, served, "bob", java_script_enabled=scripts)).new_page()
    letter = (await letters_to(settings, "bob@echange.example"))[0]
    await bob.goto(path_in(letter, "/invitations/"))
    await bob.get_by_role("button", name="Accepter l’invitation").click()
    await expect(bob.get_by_text("Vous faites maintenant partie")).to_be_visible()

    await bob.get_by_role("button", name="Agir en son nom").click()
    strip = bob.get_by_text("Vous agissez pour Chœur du Village")
    await expect(strip).to_be_visible()
    await bob.goto("/annonces")
    await expect(strip).to_be_visible()
    await bob.set_viewport_size({"width": 360, "height": 800})
    await expect(strip).to_be_visible()
    await bob.get_by_role("button", name="Revenir à mon nom").click()
    await expect(bob).to_have_url(f"{served.url}/annonces")
    await expect(strip).to_be_hidden()

    nadia = await (
        await signed_in_context(browser, served, "concierge", java_script_enabled=scripts)
    ).new_page()
    await nadia.goto("/associations")
    await nadia.get_by_role("link", name="À vérifier (1)").click()
    await nadia.get_by_role("link", name="Chœur du Village").click()
    await nadia.get_by_role("link", name="Vérifier qui elle est").click()
    await nadia.get_by_role("button", name="Oui, c’est vérifié").click()
    await expect(nadia.get_by_text("Vérifiée par La Forge (Nadia P.)")).to_be_visible()

    await bob.goto("/associations/choeur-du-village")
    await expect(bob.get_by_text("Vérifiée par La Forge (Nadia P.)")).to_be_visible()
    await bob.get_by_role("link", name="Ne plus en faire partie").click()
    await bob.get_by_role("button", name="Ne plus en faire partie").click()
    await expect(bob.get_by_role("heading", level=1)).to_have_text("Mes associations")
    await expect(bob.get_by_text("Vous ne faites partie d’aucune")).to_be_visible()
