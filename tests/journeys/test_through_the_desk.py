"""Somebody of 84 without internet gets the same hand through the desk, and reads on paper what was done."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from echange.exchanges.models import Exchange
from tests.conftest import Served, signed_in_context
from tests.exchanges.twos import days_earlier
from tests.neighbours import Town

pytestmark = pytest.mark.browser

LUCETTE = "Mme Lucette Aubry"
TITLE = "Changer une ampoule"


async def test_lucette_is_helped_without_a_mailbox(browser: Browser, served: Served, town: Town) -> None:
    desk = await (await signed_in_context(browser, served, "concierge")).new_page()
    bob = await (
        await signed_in_context(browser, served, "bob", viewport={"width": 360, "height": 740})
    ).new_page()
    account = await settle_lucette(desk)
    mandate = await sign_a_mandate(desk)
    await ask_in_her_name(desk)
    await bob_proposes(bob)
    await say_yes_for_her(desk)
    await days_earlier(await Exchange.get(), 1)
    await bob_says_how_long(bob)
    await be_told_by_telephone(desk, account)
    await confirm_for_her(desk)
    await find_what_was_done(desk, mandate)
    await print_her_statement(desk, account)


async def settle_lucette(desk: Page) -> str:
    await desk.goto("/")
    await desk.get_by_role("link", name="Équipe").first.click()
    await desk.get_by_role("link", name="Les membres").click()
    await desk.get_by_role("link", name="Ouvrir une fiche").click()
    await desk.get_by_label("Nom").fill(LUCETTE)
    await desk.get_by_label("Quartier").select_option("Les Larris")
    await desk.get_by_label("Téléphone").fill("01 48 00 00 84")
    await desk.get_by_role("button", name="Ouvrir la fiche").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text(LUCETTE)
    await expect(desk.get_by_role("link", name="01 48 00 00 84")).to_be_visible()
    return desk.url


async def sign_a_mandate(desk: Page) -> str:
    await desk.get_by_role("link", name="Faire un mandat avec elle").click()
    await desk.get_by_label("Signé sur papier").check()
    await desk.get_by_label("Entraide").check()
    await desk.get_by_label("Un mois").check()
    await desk.get_by_role("button", name="Enregistrer le mandat").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text(f"Pour agir au nom de {LUCETTE}")
    return desk.url


async def ask_in_her_name(desk: Page) -> None:
    await desk.get_by_role("button", name=f"Agir pour {LUCETTE}").click()
    await expect(acting(desk)).to_be_visible()
    await desk.get_by_role("link", name="Demander un coup de main").first.click()
    await expect(acting(desk)).to_be_visible()
    await desk.get_by_label("En quelques mots").fill(TITLE)
    await desk.get_by_label("Combien de temps ?").fill("30 min")
    await desk.get_by_role("button", name="Publier ma demande").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text(TITLE)


async def bob_proposes(bob: Page) -> None:
    await bob.goto("/entraide")
    await bob.get_by_role("link", name=TITLE).click()
    await expect(bob.get_by_role("heading", name=LUCETTE)).to_be_visible()
    await bob.get_by_label("Quelques mots").fill("Je passe mardi à dix heures.")
    await bob.get_by_role("button", name="Proposer mon aide").click()
    await expect(bob.get_by_role("heading", name="Mme Lucette n’a pas encore répondu")).to_be_visible()
    # Nobody would read a message: there is a telephone.
    await expect(bob.get_by_role("link", name="Écrire un message")).to_be_hidden()
    await expect(bob.get_by_role("main")).to_contain_text(
        "la conciergerie lui parle pour vous, 01 99 00 24 94"
    )


async def say_yes_for_her(desk: Page) -> None:
    """The same page that she would have, if she had one."""
    await desk.reload()
    await expect(desk.get_by_text("1 voisin attend votre réponse.")).to_be_visible()
    await desk.get_by_role("link", name="Répondre à Bob Traoré").click()
    await expect(desk.get_by_text("Je passe mardi à dix heures.")).to_be_visible()
    await desk.get_by_role("button", name="Oui, d’accord").click()
    await expect(desk.get_by_role("heading", name="C’est")).to_be_visible()
    # Between two calls everybody is themselves.
    await desk.get_by_role("button", name="Revenir à mon nom").click()
    await expect(acting(desk)).to_be_hidden()


async def bob_says_how_long(bob: Page) -> None:
    await bob.goto("/echanges")
    await bob.get_by_role("link", name=TITLE).click()
    await bob.get_by_role("button", name="1 h", exact=True).click()
    await expect(bob.get_by_role("heading", name="Vous avez noté 1 h")).to_be_visible()


async def be_told_by_telephone(desk: Page, account: str) -> None:
    await desk.goto("/administration")
    await desk.get_by_role("link", name="À dire au téléphone").click()
    await expect(desk.get_by_text("01 48 00 00 84")).to_be_visible()
    await desk.get_by_role("link", name=LUCETTE).click()
    await expect(desk).to_have_url(f"{account}#a-dire")
    news = desk.locator("#a-dire")
    await expect(news).to_contain_text("Bob Traoré a noté 1 h")
    before = await news.get_by_role("listitem").count()
    await news.get_by_role("button", name="C’est dit : Bob Traoré a noté 1 h").click()
    await expect(desk.locator("#a-dire").get_by_role("listitem")).to_have_count(before - 1)


async def confirm_for_her(desk: Page) -> None:
    await desk.get_by_role("button", name=f"Agir pour {LUCETTE}").click()
    await desk.goto("/echanges")
    await desk.get_by_role("link", name=TITLE).click()
    await desk.get_by_role("button", name="Oui, 1 h").click()
    await expect(desk.get_by_role("heading", name="C’est compté : 1 h")).to_be_visible()
    await desk.get_by_label("Dire merci").fill("On y voit clair dans le couloir.")
    await desk.get_by_role("button", name="Dire merci").click()
    await expect(desk.get_by_text("On y voit clair")).to_be_visible()
    await desk.get_by_role("button", name="Revenir à mon nom").click()


async def find_what_was_done(desk: Page, mandate: str) -> None:
    """Every act, with who did it, and on one page for her."""
    await desk.goto(mandate)
    for act in ("Coup de main demandé", "Échange accepté", "Temps confirmé", "Remerciement écrit"):
        line = desk.get_by_role("listitem").filter(has_text=act)
        await expect(line).to_contain_text("Nadia Petit")


async def print_her_statement(desk: Page, account: str) -> None:
    await desk.goto(account)
    await desk.get_by_role("link", name="Imprimer son relevé de temps").click()
    await expect(desk.get_by_role("heading", level=1)).to_contain_text("Relevé")
    line = desk.get_by_role("row").filter(has_text=TITLE)
    await expect(line.get_by_role("cell", name="−1 h")).to_be_visible()
    await desk.goto(f"{account}/fait-pour-vous")
    await expect(desk.locator(".sheet")).to_contain_text("Temps confirmé")


def acting(page: Page) -> Locator:
    return page.get_by_text(f"Vous agissez pour {LUCETTE}")
