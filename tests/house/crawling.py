"""Going everywhere a person can go by following links."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.routing import Match

# How many addresses of one route are enough to have seen it.
ENOUGH: Final = 3
VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
BLOCKS: Final = frozenset(["article", "div", "dl", "form", "ol", "p", "section", "table", "ul"])


class PageReader(HTMLParser):
    """What a page holds: links, files, ids, headings, and whether its tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.labels_for: list[str] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> left open" for tag in self._open if tag not in {"p", "li", "html", "body"}]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attrs})
        # HTML, phrasing content: what browsers mend here, they mend each in their own way.
        if tag in BLOCKS and "span" in self._open:
            self.wrong.append(f"<{tag}> within <span> at line {self.getpos()[0]}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.wrong.append(
                f"</{tag}> closes <{self._open[-1] if self._open else ''}> at line {self.getpos()[0]}"
            )
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in {"img", "script"} and "src" in attributes:
            self.files.append(attributes["src"])
        if tag in {"link", "use"} and "href" in attributes and attributes.get("rel") != "canonical":
            self.files.append(attributes["href"])
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        self.wrong += [
            f"{name} on <{tag}>" for name in attributes if name == "style" or name.startswith("on")
        ]
        if tag == "img" and "alt" not in attributes:
            self.wrong.append("<img> without alt")


@dataclass
class Walk:
    """What was seen: a page by address, addresses by route, files."""

    pages: dict[str, PageReader] = field(default_factory=dict)
    by_route: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


async def walk(app: Starlette, client: httpx.AsyncClient, start: str = "/") -> Walk:
    """Follow links from `start`, a few addresses of each route."""
    seen = Walk()
    queued, ahead = {start}, deque([(start, "")])
    while ahead:
        address, source = ahead.popleft()
        route = route_of(app, address)
        if route is None:
            seen.faults.append(f"{source}: link to {address}, which no route answers")
            continue
        if len(seen.by_route.setdefault(route, [])) >= ENOUGH:
            continue
        seen.by_route[route].append(address)
        answer = await client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            seen.faults.append(f"{source}: link to {address} answers {answer.status_code}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = seen.pages[address] = PageReader(answer.text)
        seen.files.update(page.files)
        for link in page.links:
            target = urljoin(address, link)
            if _is_ours(target):
                plain = urlsplit(target)._replace(fragment="").geturl()
                if plain not in queued:
                    queued.add(plain)
                    ahead.append((plain, address))
    return seen


def route_of(app: Starlette, address: str) -> str | None:
    """The path pattern that answers GET for an address."""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "headers": []}
    for route in app.routes:
        if route.matches(scope)[0] is Match.FULL:
            return re.sub(r":\w+\}", "}", route.path)  # type: ignore[attr-defined]
    return None


def _is_ours(target: str) -> bool:
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and not parts.path.startswith("/static/")
