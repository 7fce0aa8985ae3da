"""Unsafe requests must come from our own pages (design: no hidden tokens, the browser's own headers)."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from echange.config import LOOPBACK_HOSTS, Settings
from echange.http.refusals import NotAllowed
from echange.i18n import mark

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CrossSite(NotAllowed):
    code = "not_allowed"
    sentence = mark("Cette demande ne vient pas de notre site. Rechargez la page, puis recommencez.")


def own_origin(connection: HTTPConnection, settings: Settings) -> str | None:
    """The origin people reach us under: the setting, else scheme and Host when that is this very machine."""
    if settings.base_url:
        return settings.base_url
    host = connection.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    scheme = {"ws": "http", "wss": "https"}.get(connection.scope["scheme"], connection.scope["scheme"])
    return f"{scheme}://{host}" if name in LOOPBACK_HOSTS else None


def refuse_foreign_request(connection: HTTPConnection, settings: Settings, *, has_cookie: bool) -> None:
    """Raise CrossSite unless an unsafe request shows our own Origin or Sec-Fetch-Site: same-origin.

    With neither header only a request without our cookies passes: it can act for nobody.
    """
    if connection.scope["method"] in SAFE_METHODS:
        return
    origin = connection.headers.get("origin")
    fetch_site = connection.headers.get("sec-fetch-site")
    if origin is not None and origin != "null":
        allowed = origin == own_origin(connection, settings)
    elif fetch_site is not None:
        allowed = fetch_site == "same-origin"
    else:
        allowed = origin is None and not has_cookie
    if not allowed:
        raise CrossSite
