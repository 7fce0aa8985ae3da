"""The README's pictures, taken from a running demo town: `python tools/screenshots.py [http://127.0.0.1:8000]`."""

import io
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from echange.demo.neighbours import ALICE, PASSWORD  # noqa: E402 — a script, run from anywhere

PICTURES: Final = ROOT / "docs" / "pictures"
SIZE: Final[ViewportSize] = {"width": 1280, "height": 860}
COLOURS: Final = 128
CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport=SIZE, locale="fr-FR", reduced_motion="reduce")
        page.goto("/")
        keep(page, "front-page")
        sign_in(page)
        page.goto("/annonces?q=barnum")
        page.locator(".results .row-title a").first.click()
        keep(page, "annonce")
        page.goto("/messages")
        page.locator(".talk", has_text="Bob").first.click()
        keep(page, "conversation")
        browser.close()


def chromium() -> str | None:
    chosen = os.environ.get("ECHANGE_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def sign_in(page: Page) -> None:
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(ALICE.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/")


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state()
    page.evaluate("() => document.fonts.ready")
    # A palette is a third of the weight, and paper-cut drawings need no more.
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURES / f"{name}.png", optimize=True)
    print(f"{name}.png, {(PICTURES / f'{name}.png').stat().st_size // 1024} Ko")


if __name__ == "__main__":
    main()
