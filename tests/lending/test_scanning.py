"""A label is read with the camera, also where the browser itself cannot."""

from playwright.async_api import Browser, Page

from tests.conftest import Served, signed_in_context
from tests.lending.things import lent, units_of
from tests.neighbours import Town

READ = """async ({module, decoder, label, without}) => {
  if (without) delete globalThis.BarcodeDetector;
  const {reader} = await import(module);
  const image = new Image();
  image.width = image.height = 300;
  image.src = label;
  await image.decode();
  const paper = document.createElement("canvas");
  paper.width = 640; paper.height = 480;
  const pen = paper.getContext("2d");
  pen.fillStyle = "#bca"; pen.fillRect(0, 0, 640, 480);
  pen.rotate(.1); pen.drawImage(image, 180, 60, 300, 300);
  const shot = new Image();
  shot.src = paper.toDataURL();
  await shot.decode().catch(() => {});
  const read = await reader(decoder);
  return await read(Object.assign(paper, {naturalWidth: 640, naturalHeight: 480}));
}"""


async def asked_for(page: Page) -> list[str]:
    """What was fetched so far."""
    names: list[str] = await page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    return names


async def test_a_label_is_read_by_our_own_module_which_nobody_else_fetches(
    browser: Browser, served: Served, town: Town
) -> None:
    (unit,) = await units_of(await lent(town))
    window = await signed_in_context(browser, served, "redoute", bypass_csp=True)
    page = await window.new_page()
    await page.goto("/prets/comptoir")
    scan = page.locator("[data-behaviour~=scan]")
    await scan.wait_for()
    assert not any("qr/decode" in name for name in await asked_for(page))
    decoder = await scan.get_attribute("data-decoder")
    script = await page.locator('script[type="module"]').first.get_attribute("src")
    assert decoder
    assert script
    text = await page.evaluate(
        READ,
        {
            "module": script.replace("app.js", "camera.js"),
            "decoder": decoder,
            "label": f"/prets/u/{unit.code}/qr.svg",
            "without": True,
        },
    )
    assert text == f"{served.url}/prets/u/{unit.code}"
    assert any("qr/decode" in name for name in await asked_for(page))
    await page.goto(f"/prets/comptoir/code?code={text}")
    assert page.url == f"{served.url}/prets/comptoir/exemplaires/{unit.id}"


async def test_without_a_camera_the_code_is_typed(browser: Browser, served: Served, town: Town) -> None:
    (unit,) = await units_of(await lent(town))
    window = await signed_in_context(browser, served, "redoute")
    page = await window.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto("/prets/comptoir")
    await page.get_by_role("button", name="Scanner").click()
    await page.get_by_text("tapez le code").wait_for()
    await page.get_by_role("button", name="Fermer").click()
    await page.get_by_label("Code de l’étiquette ou nom").fill(unit.code.lower())
    await page.get_by_role("button", name="Chercher").click()
    await page.wait_for_url("**/prets/comptoir/exemplaires/*")
    assert faults == []
