"""Where to next: only home addresses, never another site."""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.routing import Match

SIGN_IN: Final = "/connexion"
LEAVING: Final = "/moi/depart"


def local_path(candidate: str | None, default: str = "/") -> str:
    """`candidate` when it is a path of ours, else `default`.

    `//host`, `/\\host`, schemes and control characters lead elsewhere in browsers, encoded ones included.
    """
    if not candidate or not candidate.startswith("/"):
        return default
    plain = unquote(candidate)
    if "\\" in plain or plain.startswith("//") or any(ord(char) < 32 for char in plain):
        return default
    parts = urlsplit(candidate)
    return default if parts.scheme or parts.netloc else candidate


def sign_in_url(request: Request) -> str:
    """The sign-in page that leads back to the page asked for, or to the one a form was sent from."""
    if request.method in {"GET", "HEAD"}:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    else:
        back = local_path(_path_of(request.headers.get("referer", "")))
    return f"{SIGN_IN}?suite={quote(back)}"


def without_slash(request: Request) -> str | None:
    """The address asked for without its last slash, if that is one of ours.

    As a path: what the Host header says is not believed.
    """
    path = request.scope["path"].removesuffix("/")
    scope = {**request.scope, "path": path}
    found = any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    if not found or path == request.scope["path"]:
        return None
    return local_path(f"{quote(path)}?{request.url.query}".removesuffix("?"), "") or None


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
