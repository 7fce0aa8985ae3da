"""Where to next: only home addresses, never another site."""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request

SIGN_IN: Final = "/connexion"


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
        back = local_path(urlsplit(request.headers.get("referer", "")).path)
    return f"{SIGN_IN}?suite={quote(back)}"
