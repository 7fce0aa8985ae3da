"""What is wrong with a page is noticed, in both colours and both widths."""

import pytest
from playwright.async_api import Browser

from tests.house.looking import SCHEMES, WIDTHS, looked_at

pytestmark = pytest.mark.browser


async def test_faults_would_be_noticed(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(
        """<html><title>Faute</title><style>p { color: #ddd; background: #fff; width: 500px }</style>
           <main><h1>Faute</h1><p>Trop pâle<img src="data:,"></p></main></html>"""
    )
    faults = " ".join(await looked_at(page))
    assert "light 1280: color-contrast" in faults
    assert "dark 1280: color-contrast" in faults
    assert "image-alt" in faults
    assert "px wide on 320" in faults


async def test_faults_of_narrow_screens_alone_would_be_noticed(browser: Browser) -> None:
    page = await browser.new_page()
    for narrow in (
        "p { color: #888 }",
        "body { background: #777 }",
        "main { background: #777 }",
        "div { background: #777 }",
        "div { opacity: 0.5 }",
        "h2 { font-size: 16px }",
        "em { display: inline }",
        "b { visibility: visible }",
        "a { text-decoration: none }",
        "i { position: static }",
    ):
        await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        await page.set_content(
            f"""<html lang="fr"><title>Faute</title>
                <style>
                    body {{ background: #fff; color: #333 }} a {{ color: #222 }}
                    h2 {{ font-size: 32px; font-weight: 400; color: #888 }}
                    em, b, i {{ color: #bbb }}
                    em {{ display: none }} b {{ visibility: hidden }} i {{ position: absolute; left: -999px }}
                    @media (max-width: 400px) {{ {narrow} }}
                </style>
                <main><h1>Titre</h1><h2>Grand et pâle</h2><div>
                <p>Un mot, <a href="#x">un lien</a> et encore un mot <em>vu</em> <b>parfois</b> <i>là</i></p>
                </div></main></html>"""
        )
        faults = await looked_at(page, "main")
        assert {fault.split(":")[0] for fault in faults} == {"light 360", "dark 360"}, (narrow, faults)


async def test_letters_that_passed_are_weighed_again_where_anything_differs(browser: Browser) -> None:
    page = await browser.new_page()
    written = "<p>Un mot</p><p>Un autre mot</p><p id='last'>Un dernier mot</p>"
    for different in (
        "#last { color: #aaa }",
        "main { background: #777 }",
        "div { opacity: 0.5 }",
        "#last { position: absolute; top: 2em } b { display: block; height: 9em; background: #444 }",
    ):
        everywhere = {f"{scheme} {width}" for scheme in SCHEMES for width in WIDTHS}
        for style, expected in (("", set[str]()), (different, everywhere)):
            await page.set_content(
                f"""<html lang="fr"><title>Mots</title>
                    <style>body {{ background: #fff; color: #333 }} {style}</style>
                    <main><b></b><h1>Titre</h1><div>{written}</div></main></html>"""
            )
            faults = await looked_at(page, "main")
            assert {fault.split(":")[0] for fault in faults} == expected, (style, faults)
            assert all("#last" in fault for fault in faults if "#last" in style)
