"""Drafts of somebody signed out: held by a key in their browser, known here by its hash only."""

import hashlib
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http.cookies import read_cookie, set_cookie

COOKIE: Final = "brouillon"
KEPT_DAYS: Final = 7
# 256 random bits in URL-safe base64.
KEY_LENGTH: Final = 43


def draft_key_of(request: Request) -> str | None:
    """The key this browser holds its drafts by, or None."""
    key = read_cookie(request, COOKIE)
    return key if key and len(key) == KEY_LENGTH else None


def new_draft_key() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def keep_draft_key(response: Response, request: Request, key: str) -> None:
    """Leave the key in the browser for as long as its drafts are kept."""
    set_cookie(response, request, COOKIE, key, max_age=KEPT_DAYS * 86_400)


def hash_of(key: str) -> bytes:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).digest()
