"""The front page, the texts of the house, and how one wants to see them."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from echange import ads, lending, mutual_aid
from echange.chat import talks_of
from echange.http import (
    Invalid,
    NotFound,
    Rate,
    Viewer,
    anyone,
    local_path,
    page,
    read_form,
    redirect,
    render,
    viewer_of,
)
from echange.http.cookies import set_cookie
from echange.http.crosssite import own_origin
from echange.http.routing import GuardedRoute, Handler
from echange.members import Member, first_name
from echange.places import sitemap_places
from echange.town import text_pages
from echange.town.forms import PreferencesForm
from echange.town.queries import beginnings, together
from echange.town.todo import todo_of

RECENT_SHOWN: Final = 7
NEAR_SHOWN: Final = 3
HELPS_SHOWN: Final = 3
UNREAD_SHOWN: Final = 3
KEPT_SECONDS: Final = 365 * 86_400
# Pages of one person, or of one act: nothing a search engine should keep.
NOT_FOR_ROBOTS: Final = (
    "/acces", "/administration", "/adresse", "/api/", "/avis", "/bienvenue", "/connexion", "/decisions",
    "/depart", "/echanges", "/inscription", "/mercis", "/messages", "/moderation", "/moi", "/publier",
    "/prets/comptoir", "/prets/demandes", "/prets/preteur", "/prets/publier", "/prets/tableau", "/prets/u",
    "/signaler", "/signalements",
)  # fmt: skip
SITEMAP_MOST: Final = 5_000
SITEMAP_SECONDS: Final = 3600
SITEMAP_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECURITY_TEXT_DAYS: Final = 180


async def home(request: Request) -> Response:
    """GET /: a promise to somebody passing by, what waits to somebody who lives here."""
    viewer = viewer_of(request)
    return await _my_home(request, viewer) if viewer else await _front_page(request)


async def _front_page(request: Request) -> Response:
    recent = await ads.recent(RECENT_SHOWN)
    helps = await mutual_aid.recent_helps(None, HELPS_SHOWN)
    context = {
        "recent": recent,
        "helps": helps,
        "together": await together(),
        "lent": await lending.count_listed(),
    }
    return render(request, "town/front_page.html", context)


async def _my_home(request: Request, viewer: Viewer) -> Response:
    begun = await beginnings(viewer.id)
    near = await ads.recent(NEAR_SHOWN, viewer, begun.quartier_id)
    talks = (await talks_of(viewer.id, limit=UNREAD_SHOWN, shelf="non-lus", met_only=True)).items
    context = {
        "first_name": first_name(viewer.name),
        "begun": begun,
        "todo": await todo_of(viewer, talks),
        "talks": talks,
        "near": near,
        # Nothing new next door: the whole town then, and said so.
        "elsewhere": [] if near else await ads.recent(NEAR_SHOWN, viewer),
        "helps": await mutual_aid.recent_helps(viewer, HELPS_SHOWN),
    }
    return render(request, "town/home.html", context)


async def keep_preferences(request: Request) -> Response:
    """POST /preferences: colours, size of letters, language; kept a year in cookies."""
    bound = await read_form(request, PreferencesForm)
    if bound.data is None:
        raise Invalid(bound.errors)
    response = redirect(request, local_path(bound.data.next))
    for name, value in bound.data.model_dump(exclude={"next"}, exclude_none=True).items():
        set_cookie(response, request, name, value, max_age=KEPT_SECONDS)
    viewer = viewer_of(request)
    if viewer and bound.data.locale:
        # Mails are written in it too.
        await Member.filter(id=viewer.id).update(locale=bound.data.locale)
    return response


async def robots(request: Request) -> Response:
    """GET /robots.txt (RFC 9309), with the way to the site map (sitemaps.org)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    if origin := own_origin(request, request.app.state.settings):
        lines += [f"Sitemap: {origin}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines))


async def sitemap(request: Request) -> Response:
    """GET /sitemap.xml: the newest annonces whose owners let robots read them, what is open in mutual aid,
    things lent, places (sitemaps.org, 0.9).
    """
    origin = own_origin(request, request.app.state.settings)
    if not origin:
        raise NotFound
    found = [
        *await ads.indexable(SITEMAP_MOST),
        *await mutual_aid.indexable(SITEMAP_MOST),
        *await lending.indexable_items(SITEMAP_MOST),
        *await sitemap_places(SITEMAP_MOST),
    ]
    urls = [f"<url><loc>{origin}{url}</loc><lastmod>{at:%Y-%m-%d}</lastmod></url>" for url, at in found]
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP_SPACE}">{"".join(urls)}</urlset>'
    headers = {"cache-control": f"public, max-age={SITEMAP_SECONDS}"}
    return Response(xml, media_type="application/xml", headers=headers)


async def security(request: Request) -> Response:
    """GET /.well-known/security.txt (RFC 9116)."""
    settings = request.app.state.settings
    expires = (datetime.now(UTC) + timedelta(days=SECURITY_TEXT_DAYS)).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{parseaddr(settings.mail_from)[1]}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, en",
    ]
    if settings.https:
        lines.append(f"Canonical: {own_origin(request, settings)}/.well-known/security.txt")
    return PlainTextResponse("\n".join([*lines, ""]))


async def favicon(request: Request) -> Response:
    """GET /favicon.ico, asked for by habit."""
    return RedirectResponse("/static/drawings/favicon.svg", status_code=301)


def _text(path: str, template: str) -> GuardedRoute:
    return page(path, _teller(template), who=anyone)


def _teller(template: str) -> Handler:
    async def tell(request: Request) -> Response:
        return render(request, template)

    tell.__name__ = template.removesuffix(".html").replace("/", "_")
    return tell


routes: Final = [
    page("/", home, who=anyone),
    page("/preferences", keep_preferences, who=anyone, methods=("POST",), limit=Rate("preferences", 60, 60)),
    _text("/comment-ca-marche", "town/how_it_works.html"),
    *text_pages.routes,
    _text("/plan-du-site", "town/site_map.html"),
    _text("/composants", "composants.html"),
    page("/robots.txt", robots, who=anyone),
    page("/sitemap.xml", sitemap, who=anyone),
    page("/.well-known/security.txt", security, who=anyone),
    page("/favicon.ico", favicon, who=anyone),
]
