"""What somebody signed out wrote, kept by their browser while they sign in."""

from typing import Any, Final

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from echange.http.cookies import drop_cookie, read_cookie, set_cookie

COOKIE: Final = "entraide"
KEPT_SECONDS: Final = 3600
# Browsers keep four kilobytes a cookie (RFC 6265, 6.1); the name and its attributes count.
LONGEST: Final = 3800


def keep_words(response: Response, request: Request, kind: str, values: dict[str, Any]) -> None:
    """Keep the fields of a form; the long text is left out when all together is too much."""
    told = {name: value for name, value in values.items() if value}
    for kept in (told, {**told, "body": ""}):
        signed: str = _serializer(request).dumps([kind, kept])
        if len(signed) <= LONGEST:
            set_cookie(response, request, COOKIE, signed, max_age=KEPT_SECONDS)
            return


def kept_words(request: Request, kind: str) -> dict[str, Any]:
    """What was written for this kind; nothing when it was not kept by us."""
    value = read_cookie(request, COOKIE)
    if not value:
        return {}
    try:
        of_kind, values = _serializer(request).loads(value)
    except (BadSignature, ValueError, TypeError):
        return {}
    return dict(values) if of_kind == kind else {}


def drop_words(response: Response, request: Request) -> None:
    if read_cookie(request, COOKIE):
        drop_cookie(response, request, COOKIE)


def _serializer(request: Request) -> Any:  # noqa: ANN401 — generic only in its stub
    return URLSafeSerializer(request.app.state.secret, salt="entraide")
