"""Templates are kept compiled where they can be; pages do without."""

import shutil
from pathlib import Path

from echange.config import Settings
from echange.http.assets import Assets
from echange.http.render import make_environment
from echange.web import STATIC_DIR


async def test_pages_do_without_the_folder_that_a_newer_version_cleaned_up(tmp_path: Path) -> None:
    settings, assets = Settings(data_dir=tmp_path), Assets(STATIC_DIR)
    kept = tmp_path / "cache" / "templates"
    environment = make_environment(settings, assets, "fr")
    environment.get_template("shared/forms.html")
    assert len(list(kept.glob("fr-*/*"))) > 0
    shutil.rmtree(kept)
    assert environment.get_template("shared/cards.html").module is not None
    assert not kept.exists()


async def test_what_an_older_version_kept_goes_away(tmp_path: Path) -> None:
    old = tmp_path / "cache" / "templates" / "fr-0123456789abcdef"
    old.mkdir(parents=True)
    make_environment(Settings(data_dir=tmp_path), Assets(STATIC_DIR), "fr")
    assert not old.exists()
