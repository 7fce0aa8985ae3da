"""The texts of the house, read by everybody and rewritten by the admin."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    admin,
    anyone,
    blank,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.routing import Handler
from echange.i18n import current_locale, speaking
from echange.i18n import gettext as _
from echange.town.forms import RestoreForm, TextForm
from echange.town.models import RewrittenMeanwhile, TownText
from echange.town.texts import TITLES, Body, current, history, overview, shown, values_of, version

TEXT: Final = "town/text.html"
EDIT: Final = "town/edit_text.html"
LANGUAGES: Final = {"fr": "Français", "en": "English"}


def _teller(slug: str) -> Handler:
    async def tell_text(request: Request) -> Response:
        return render(request, TEXT, _shown(request, await current(slug, current_locale.get())))

    tell_text.__name__ = f"tell_{slug}".replace("-", "_")
    return tell_text


async def list_texts(request: Request) -> Response:
    """GET /administration/textes"""
    rows = [
        {
            "title": _(TITLES[slug]),
            "language": LANGUAGES[locale],
            "locale": locale,
            "at": at,
            "url": _edit_url(slug, locale),
        }
        for slug, locale, at in await overview()
    ]
    return render(request, "town/texts.html", {"texts": rows})


async def edit_text(request: Request) -> Response:
    """GET /administration/textes/charte/fr"""
    body = await current(*_place(request))
    form = blank(TextForm, body=body.body, seen=body.version)
    return render(request, EDIT, await _editing(request, body, form))


async def write_text(request: Request) -> Response:
    """POST /administration/textes/charte/fr: show what it would look like, or keep it."""
    slug, locale = _place(request)
    now = await current(slug, locale)
    bound = await read_form(request, TextForm)
    form = bound.data
    if form is None:
        return refused_form(request, EDIT, await _editing(request, now, bound))
    if form.act == "preview":
        return render(request, EDIT, await _editing(request, now, bound, preview=form.body))
    if form.body != now.body.strip():
        try:
            await TownText.write(slug, locale, form.body, by=signed_in(request).id, seen=form.seen)
        except RewrittenMeanwhile as refusal:
            return await _both(request, bound.refuse(refusal, at="body"))
    return redirect(request, _edit_url(slug, locale), say=_("Le texte est en ligne."))


async def _both(request: Request, bound: Bound[TextForm]) -> Response:
    """Their own words in the form, the other ones beside; sent again, they replace what is shown now."""
    other = await current(*_place(request))
    bound.values["seen"] = other.version
    context = await _editing(request, other, bound)
    by = next((one["by"] for one in context["versions"]), "")
    return refused_form(request, EDIT, {**context, "other": {"by": by, "body": other.body}})


async def show_version(request: Request) -> Response:
    """GET /administration/textes/charte/fr/versions/12"""
    slug, locale = _place(request)
    old = await version(slug, locale, request.path_params.get("id", 0))
    context = {
        **_shown(request, old),
        "restore_url": f"{_edit_url(slug, locale)}/versions/{old.version or _ORIGINAL}",
        "seen": (await current(slug, locale)).version,
    }
    return render(request, "town/text_version.html", context | {"edit_url": _edit_url(slug, locale)})


async def restore_version(request: Request) -> Response:
    """POST /administration/textes/charte/fr/versions/12: its words count again, as a new version."""
    slug, locale = _place(request)
    old = await version(slug, locale, request.path_params.get("id", 0))
    seen = (await read_form(request, RestoreForm)).data or RestoreForm()
    if old.body != (await current(slug, locale)).body:
        try:
            await TownText.write(slug, locale, old.body, by=signed_in(request).id, seen=seen.seen)
        except RewrittenMeanwhile as refusal:
            return redirect(request, _edit_url(slug, locale), say=refusal.title, kind="info")
    return redirect(request, _edit_url(slug, locale), say=_("Cette version est de nouveau en ligne."))


def _place(request: Request) -> tuple[str, str]:
    return str(request.path_params["slug"]), str(request.path_params["locale"])


def _edit_url(slug: str, locale: str) -> str:
    return f"/administration/textes/{slug}/{locale}"


def _shown(request: Request, body: Body) -> dict[str, Any]:
    with speaking(body.locale):
        return {
            "title": body.title,
            "language": body.locale,
            "html": shown(body.body, request.app.state.settings),
            "on": body.on,
        }


async def _editing(
    request: Request, body: Body, form: Bound[TextForm], *, preview: str | None = None
) -> dict[str, Any]:
    settings = request.app.state.settings
    url = _edit_url(body.slug, body.locale)
    versions = [
        {"id": one.id, "at": one.at, "by": one.by.name if one.by else "", "now": one.id == body.version}
        for one in await history(body.slug, body.locale)
    ]
    return {
        "title": body.title,
        "language": LANGUAGES[body.locale],
        "locale_of_text": body.locale,
        "url": url,
        "page_url": f"/{body.slug}",
        "form": form,
        "preview": shown(preview, settings) if preview is not None else None,
        "other": None,
        "versions": versions,
        "is_original": body.version == 0,
        "names": [f"{{{name}}}" for name in values_of(settings)],
    }


# The version that comes with échange has no number.
_ORIGINAL: Final = "origine"
_OF_TEXT: Final = "/administration/textes/{slug:word}/{locale:word}"
routes: Final[list[GuardedRoute]] = [
    *(page(f"/{slug}", _teller(slug), who=anyone) for slug in TITLES),
    page("/administration/textes", list_texts, who=admin),
    page(_OF_TEXT, edit_text, who=admin),
    page(_OF_TEXT, write_text, who=admin, methods=("POST",)),
    page(f"{_OF_TEXT}/versions/{_ORIGINAL}", show_version, who=admin),
    page(f"{_OF_TEXT}/versions/{_ORIGINAL}", restore_version, who=admin, methods=("POST",)),
    page(f"{_OF_TEXT}/versions/{{id:id}}", show_version, who=admin),
    page(f"{_OF_TEXT}/versions/{{id:id}}", restore_version, who=admin, methods=("POST",)),
]
