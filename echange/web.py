"""Where the templates, styles and catalogues lie: beside us in a checkout, inside the package in a wheel."""

from pathlib import Path
from typing import Final

_PACKAGED: Final = Path(__file__).parent / "_web"
WEB_DIR: Final = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.parent / "web"
TEMPLATES_DIR: Final = WEB_DIR / "templates"
STATIC_DIR: Final = WEB_DIR / "static"
LOCALES_DIR: Final = WEB_DIR / "locales"
