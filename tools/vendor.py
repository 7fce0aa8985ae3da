"""Copies what pages serve from web/node_modules to web/static/vendor. Standard library only, repeatable."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "web" / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
ICONS = ROOT / "tools" / "icons.txt"

FONTS = "@fontsource-variable"
COPIES = {
    f"{FONTS}/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2": "fonts/bricolage.woff2",
    f"{FONTS}/bricolage-grotesque/LICENSE": "licences/bricolage-grotesque.txt",
    f"{FONTS}/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2": (
        "fonts/atkinson.woff2"
    ),
    f"{FONTS}/atkinson-hyperlegible-next/LICENSE": "licences/atkinson-hyperlegible-next.txt",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "lucide-static/LICENSE": "licences/lucide.txt",
    # Reads labels where the browser cannot; fetched once somebody presses « Scanner ».
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
    "qr/LICENSE-MIT": "licences/qr.txt",
}


def main() -> int:
    missing = [source for source in COPIES if not (MODULES / source).is_file()]
    if missing:
        print(f"Il manque {missing[0]} dans {MODULES} : lancez « npm ci » dans web/.", file=sys.stderr)
        return 1
    for source, target in COPIES.items():
        _write(VENDOR / target, (MODULES / source).read_bytes())
    _write(VENDOR / "icons.svg", sprite(icon_names()).encode())
    return 0


def icon_names() -> list[str]:
    lines = ICONS.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon; strokes are left to the page's style."""
    symbols = "\n".join(_symbol(name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str) -> str:
    source = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if shapes is None:
        raise ValueError(f"{name}.svg is not an SVG drawing")
    inner = re.sub(r"\s*\n\s*", "", shapes[1])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def _write(target: Path, data: bytes) -> None:
    if target.is_file() and target.read_bytes() == data:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place, so that two set-ups at once never serve half a file.
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(data)
    fresh.replace(target)


if __name__ == "__main__":
    sys.exit(main())
