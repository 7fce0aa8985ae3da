"""Routes that say who may, how often, and how much: `page` for HTML, `api` for JSON."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route, compile_path, request_response
from starlette.types import Scope

from echange.http.access import Access, anyone
from echange.http.crosssite import SAFE_METHODS
from echange.http.flash import redirect
from echange.http.idempotency import HEADER as IDEMPOTENCY_HEADER
from echange.http.idempotency import answer_once
from echange.http.rates import Rate, limiter_of
from echange.http.redirects import LEAVING, sign_in_url
from echange.http.refusals import Leaving, SignedOut
from echange.http.viewer import viewer_of

Handler = Callable[[Request], Awaitable[Response]]
API_PREFIX: Final = "/api/v1"
COMPILED: Final = frozenset({"path_regex", "path_format", "param_convertors"})
ORDINARY_BODY: Final = 256 * 1024
PHOTO_BODY: Final = 11 * 1024 * 1024


class IdConvertor(Convertor[int]):
    """A database id in a path; what could not be one is simply another address (404)."""

    regex = "[1-9][0-9]{0,8}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class WordConvertor(Convertor[str]):
    """A handle, a slug, a key in a path: letters and signs that need no quoting (RFC 3986, 2.3)."""

    regex = "[A-Za-z0-9_.~-]{1,300}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class HandleConvertor(WordConvertor):
    """A member's handle; nobody has a longer one, so nobody is looked for under it."""

    regex = "[A-Za-z0-9_.~-]{1,40}"


class SlugConvertor(WordConvertor):
    """An organisation's slug; none is longer."""

    regex = "[A-Za-z0-9_.~-]{1,80}"


register_url_convertor("id", IdConvertor())
register_url_convertor("word", WordConvertor())
register_url_convertor("handle", HandleConvertor())
register_url_convertor("slug", SlugConvertor())


@dataclass(frozen=True)
class Operation:
    """What OpenAPI tells of an API route."""

    method: str
    path: str
    summary: str
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    query: type[BaseModel] | None
    upload: bool
    status: int


class GuardedRoute(Route):
    """A Starlette route that knows who may take it.

    Its pattern is compiled when a path first begins like it: of hundreds of routes few are asked for.
    """

    operation: Operation | None = None

    def __init__(
        self, path: str, endpoint: Handler, *, who: Access, methods: Sequence[str], name: str, max_body: int
    ) -> None:
        # All that Starlette's own does, but for the pattern.
        self.path = path
        self.endpoint = endpoint
        self.name = name
        self.include_in_schema = True
        self.app = RequestBodyLimitMiddleware(request_response(endpoint), max_body_size=max_body)
        self.methods = {*methods, "HEAD"} if "GET" in methods else set(methods)
        self.access = who
        self._beginning = path.partition("{")[0]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — one of three
        if name not in COMPILED:
            raise AttributeError(name)
        self.path_regex, self.path_format, self.param_convertors = compile_path(self.path)
        return vars(self)[name]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)


def page(
    path: str,
    handler: Handler,
    *,
    who: Access,
    methods: Sequence[str] = ("GET",),
    limit: Rate | None = None,
    max_body: int = ORDINARY_BODY,
    while_leaving: bool = False,
) -> GuardedRoute:
    """An HTML route. Somebody signed out is sent to sign in and back.

    Who is leaving takes unsafe ones only if they are anyone's, or open `while_leaving`.
    """

    async def guarded(request: Request) -> Response:
        try:
            who.check(viewer_of(request))
            if not while_leaving:
                _refuse_leaving(request, who)
        except SignedOut:
            return RedirectResponse(sign_in_url(request), status_code=303)
        except Leaving as refusal:
            return redirect(request, LEAVING, say=refusal.title, kind="warning")
        _count(request, limit)
        return await handler(request)

    return _route(path, guarded, who=who, methods=methods, max_body=max_body, name=handler.__name__)


def api(
    method: str,
    path: str,
    handler: Handler,
    *,
    who: Access,
    summary: str,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    upload: bool = False,
    status: int = 200,
    limit: Rate | None = None,
) -> GuardedRoute:
    """A JSON route below /api/v1; what it takes and gives is told to OpenAPI."""

    async def guarded(request: Request) -> Response:
        viewer = viewer_of(request)
        who.check(viewer)
        _refuse_leaving(request, who)
        _count(request, limit)
        key = request.headers.get(IDEMPOTENCY_HEADER)
        if viewer is None or key is None or method == "GET":
            return await handler(request)
        return await answer_once(request, viewer, key, handler)

    route = _route(
        API_PREFIX + path,
        guarded,
        who=who,
        methods=(method,),
        max_body=PHOTO_BODY if upload else ORDINARY_BODY,
        name=f"api_{handler.__name__}",
    )
    route.operation = Operation(method, path, summary, body, answer, query, upload, status)
    return route


def _route(
    path: str, guarded: Handler, *, who: Access, methods: Sequence[str], max_body: int, name: str
) -> GuardedRoute:
    async def tidied(request: Request) -> Response:
        try:
            return await guarded(request)
        finally:
            # Uploads lie in temporary files: gone with the answer, also when it is a refusal.
            await request.close()

    return GuardedRoute(path, tidied, who=who, methods=methods, name=name, max_body=max_body)


def _refuse_leaving(request: Request, who: Access) -> None:
    viewer = viewer_of(request)
    if viewer and viewer.leaving and who is not anyone and request.method not in SAFE_METHODS:
        raise Leaving


def _count(request: Request, limit: Rate | None) -> None:
    if limit is not None and request.method not in {"GET", "HEAD"}:
        limiter_of(request).check(limit, request)


def routes_of(*groups: Sequence[GuardedRoute]) -> list[Any]:
    """The groups in one list, in order."""
    return [route for group in groups for route in group]
