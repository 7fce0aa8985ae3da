"""What the look promises: small files all served, nothing inline, every icon and behaviour there."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
CSS = WEB / "static" / "css"
BEHAVIOURS = WEB / "static" / "js" / "behaviours"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
ICON_CALL = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def bundle() -> list[str]:
    return (CSS / "bundle.txt").read_text().split()


def test_every_style_file_is_served_exactly_once() -> None:
    written = sorted(str(path.relative_to(CSS)) for path in CSS.rglob("*.css"))
    assert sorted(bundle()) == written


def test_every_rule_stands_in_a_layer() -> None:
    bare = [name for name in bundle() if name != "fonts.css" and not _layered(CSS / name)]
    assert bare == []


def _layered(path: Path) -> bool:
    return path.read_text().lstrip().startswith("@layer ")


def test_styles_weigh_less_than_forty_kilobytes() -> None:
    styles = "\n".join((CSS / name).read_text() for name in bundle())
    assert len(gzip.compress(styles.encode())) < 40 * 1024


@pytest.mark.parametrize(("whole", "without"), [("messages", "desk"), ("desk", "messages")])
def test_scripts_of_all_behaviours_together_weigh_less_than_twenty_five_kilobytes(
    whole: str, without: str
) -> None:
    """Also on the two pages that have a program of their own; no page has both."""
    scripts = [
        path for path in (WEB / "static" / "js").rglob("*.js") if without not in str(path.relative_to(WEB))
    ]
    assert any(whole in str(path) for path in scripts)
    assert len(gzip.compress("\n".join(path.read_text() for path in scripts).encode())) < 25 * 1024


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_page_has_no_inline_style_script_or_handler(page: Path) -> None:
    html = page.read_text()
    assert re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", html) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag] == []


def test_every_icon_a_page_names_is_in_the_sprite() -> None:
    lines = (WEB.parent / "tools" / "icons.txt").read_text().splitlines()
    known = {line for line in lines if line and not line.startswith("#")}
    used = {name for page in TEMPLATES for name in ICON_CALL.findall(page.read_text())}
    assert used - known == set()


def test_every_behaviour_a_page_asks_for_exists_and_is_short() -> None:
    asked = {
        name
        for page in PAGES
        for names in re.findall(r'data-behaviour="([a-z -]+)"', page.read_text())
        for name in names.split()
    }
    assert {name for name in asked if not (BEHAVIOURS / f"{name}.js").is_file()} == set()
    assert {path.name for path in BEHAVIOURS.glob("*.js") if len(path.read_text().splitlines()) > 50} == set()


def test_every_drawing_has_a_ground_and_every_ground_a_drawing() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (WEB / "static/drawings/categories.svg").read_text()))
    table = (WEB / "templates/shared/cards.html").read_text().split("GROUNDS = {")[1].split("}")[0]
    assert set(re.findall(r'"([a-z]+)":', table)) == drawn
    assert len(drawn) <= 24
