"""Whom we believe about where a visitor comes from."""

import pytest
from starlette.applications import Starlette

from echange.config import Settings
from echange.serving import _Server


@pytest.mark.parametrize(
    ("base_url", "believed"),
    [(None, False), ("http://127.0.0.1:8000", False), ("https://echange.example", True)],
)
def test_forwarded_addresses_count_behind_a_proxy_only(base_url: str | None, believed: bool) -> None:
    app = Starlette()
    app.state.settings = Settings(base_url=base_url)
    assert _Server(app).config.proxy_headers is believed
