"""The Atom feed of a search (RFC 4287): what the list shows to whoever asks, newest first, without names."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response

from echange.ads.asking import SearchQuery
from echange.ads.cards import AdCard, card_of
from echange.ads.kinds import BY_SLUG
from echange.ads.pages.choice import Choice, choice_of
from echange.ads.queries import WIDTH
from echange.ads.searching import newest
from echange.http import Invalid, read_query, viewer_of
from echange.http.crosssite import own_origin
from echange.i18n import current_locale
from echange.i18n import gettext as _

ENTRIES: Final = 40
ATOM: Final = "http://www.w3.org/2005/Atom"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# The year the address of a tag belongs to (RFC 4151, 2.1); ids stay when titles and hosts' paths change.
TAG_YEAR: Final = "2026"
BEGINNING: Final = datetime(int(TAG_YEAR), 1, 1, tzinfo=UTC)
# XML 1.0 has no place for these, though JSON and PostgreSQL do.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

ElementTree.register_namespace("", ATOM)


async def feed(request: Request) -> Response:
    """GET /annonces.atom?q=…"""
    bound = read_query(request, SearchQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    viewer = viewer_of(request)
    choice = await choice_of(bound.data, request, viewer)
    rows = await newest(choice.search(viewer), ENTRIES)
    ads = [(card_of(row), row[WIDTH]) for row in rows]
    updated = max((at for _ad, at in ads), default=BEGINNING)
    origin = own_origin(request, request.app.state.settings) or ""
    body = _written(choice, ads, origin, updated, request.app.state.settings.town_name)
    headers = {
        "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "last-modified": format_datetime(updated.astimezone(UTC), usegmt=True),
        "cache-control": "private, no-store" if viewer else "public, max-age=300",
        "vary": "Cookie",
        "x-robots-tag": "noindex",
    }
    if _is_known(request, headers["etag"], updated):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml", headers=headers)


def _is_known(request: Request, etag: str, updated: datetime) -> bool:
    """RFC 9110, 13.1: If-None-Match counts before If-Modified-Since."""
    if known := request.headers.get("if-none-match"):
        return known.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in known.split(",")]
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
        return updated.replace(microsecond=0) <= since
    except (ValueError, TypeError):
        return False


def _written(
    choice: Choice, ads: Sequence[tuple[AdCard, datetime]], origin: str, updated: datetime, town: str
) -> bytes:
    root = ElementTree.Element(f"{{{ATOM}}}feed", {LANG: current_locale.get()})
    said = ", ".join(text for text, _url, on in choice.chips() if on)
    _add(root, "title", _("Annonces de {town}").format(town=town) + (f" – {said}" if said else ""))
    _add(root, "id", _tag(origin, choice.address()))
    _add(root, "updated", _instant(updated))
    _link(root, origin + choice.address("/annonces.atom"), "self", "application/atom+xml")
    _link(root, origin + choice.address(), "alternate", "text/html")
    _add(_add(root, "author"), "name", f"échange, {town}")
    for ad, at in ads:
        _entry(root, ad, at, origin)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode").encode()


def _entry(root: ElementTree.Element, ad: AdCard, at: datetime, origin: str) -> None:
    kind = _(BY_SLUG[ad.kind].filter)
    said = ", ".join(part for part in (kind, ad.quartier, ad.price_text, _state(ad)) if part)
    entry = _add(root, "entry")
    _add(entry, "title", ad.title)
    _add(entry, "id", _tag(origin, f"annonce/{ad.id}"))
    _add(entry, "published", _instant(ad.published_at or at))
    _add(entry, "updated", _instant(at))
    _link(entry, origin + ad.url, "alternate", "text/html")
    ElementTree.SubElement(entry, f"{{{ATOM}}}category", {"term": ad.kind, "label": kind})
    _add(entry, "summary", f"{ad.summary}\n{said}".strip())


def _state(ad: AdCard) -> str:
    return _("Réservé") if ad.state == "reserved" else ""


def _tag(origin: str, what: str) -> str:
    return f"tag:{urlsplit(origin).hostname or 'localhost'},{TAG_YEAR}:{what.removeprefix('/')}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = _UNWRITABLE.sub("", text) or None
    return element


def _link(parent: ElementTree.Element, href: str, rel: str, media_type: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"href": href, "rel": rel, "type": media_type})
