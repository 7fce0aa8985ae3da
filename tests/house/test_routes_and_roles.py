"""Every route says who may, and keeps its word, for everybody there is."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack
from typing import Final

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute

from tests.conftest import Doors, sign_in
from tests.neighbours import Town

ROLES: Final = ("alice", "concierge", "moderatrice", "admin")
# Which of these people each rule lets in.
RULES: Final = {
    "anyone": {*ROLES},
    "member": {*ROLES},
    "concierge": {"concierge", "admin"},
    "moderator": {"moderatrice", "admin"},
    "staff": {"concierge", "moderatrice", "admin"},
    "admin": {"admin"},
}
# What stands in a path: nothing that exists.
ANY: Final = {
    "id": 987654,
    "seq": 987654,
    "photo": 987654,
    "maintenance": 987654,
    "attachment": 987654,
    "member": 987654,
    "invitation": 987654,
    "act": 987654,
    "notice": 987654,
    "training": 987654,
    "closure": 987654,
    "width": 320,
    "path": "nowhere.css",
}
ENDS_THE_WALK: Final = "/deconnexion"


def undeclared(routes: Iterable[BaseRoute]) -> list[str]:
    """Routes that do not say who may take them."""
    return [
        getattr(route, "path", repr(route))
        for route in routes
        if getattr(getattr(route, "access", None), "name", None) not in RULES
    ]


def addresses(app: Starlette) -> Iterator[tuple[str, str, str]]:
    """(rule, method, path) of everything that answers HTTP."""
    for route in app.routes:
        if isinstance(route, Route):
            values = {name: ANY.get(name, "personne") for name in route.param_convertors}
            path = str(route.url_path_for(route.name, **values)) if route.param_convertors else route.path
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield route.access.name, method, path  # type: ignore[attr-defined]


@pytest.fixture
async def people(app: Starlette, town: Town) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """One signed-in client a role."""
    async with AsyncExitStack() as stack:
        clients = {role: await stack.enter_async_context(Doors(app).open()) for role in ROLES}
        for role, client in clients.items():
            await sign_in(client, role)
        yield clients


async def test_every_route_declares_who_may(app: Starlette) -> None:
    assert undeclared(app.routes) == []
    assert any(isinstance(route, WebSocketRoute) for route in app.routes), "the socket is one of them"
    assert {rule for rule, _, _ in addresses(app)} == RULES.keys()


def test_an_undeclared_route_is_noticed() -> None:
    async def handler(request: object) -> PlainTextResponse:
        return PlainTextResponse("")

    assert undeclared([Route("/oubli", handler)]) == ["/oubli"]


async def test_somebody_signed_out_is_sent_to_sign_in(app: Starlette, client: httpx.AsyncClient) -> None:
    wrong = []
    for rule, method, path in addresses(app):
        answer = await client.request(method, path)
        if answer.status_code >= 500 or _is_let_in(answer) != (rule == "anyone"):
            wrong.append((rule, method, path, answer.status_code))
    assert wrong == []


async def test_members_and_staff_go_where_they_may_and_nowhere_else(
    app: Starlette, people: dict[str, httpx.AsyncClient]
) -> None:
    wrong = []
    for role, client in people.items():
        for rule, method, path in addresses(app):
            if path == ENDS_THE_WALK:
                continue
            answer = await client.request(method, path)
            may = role in RULES[rule]
            if answer.status_code >= 500 or _is_let_in(answer) != may:
                wrong.append((role, rule, method, path, answer.status_code))
    assert wrong == []


def _is_let_in(answer: httpx.Response) -> bool:
    if answer.status_code == 303 and answer.headers["location"].startswith("/connexion?"):
        return False
    if answer.status_code == 401:
        assert answer.json()["code"] == "signed_out"
        return False
    return answer.status_code != 403


@pytest.mark.parametrize(
    "foreign",
    [
        {"origin": "https://pirate.example"},
        {"origin": "null"},
        {"origin": "https://pirate.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
    ids=str,
)
async def test_no_unsafe_route_obeys_another_site(
    app: Starlette, people: dict[str, httpx.AsyncClient], foreign: dict[str, str]
) -> None:
    alice = people["alice"]
    del alice.headers["origin"]
    wrong = []
    for _, method, path in addresses(app):
        if method != "GET":
            answer = await alice.request(method, path, headers=foreign)
            if answer.status_code != 403:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


async def test_methods_that_are_not_offered_are_refused_politely(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    answer = await client.delete("/charte")
    assert answer.status_code == 405
    assert "<h1>" in answer.text
