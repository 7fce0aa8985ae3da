"""Templates, and what every one of them may use."""

import gzip
import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from echange.config import Settings
from echange.http import dates, durations, folding
from echange.http.assets import Assets
from echange.http.cookies import drop_cookie, has_credentials, read_cookie
from echange.http.flash import COOKIE as FLASH_COOKIE
from echange.http.flash import Flash, read_flashes
from echange.http.folding import generator_for
from echange.http.viewer import initials, tint, viewer_of
from echange.i18n import LOCALES, current_locale, gettext, ngettext, version_of
from echange.web import TEMPLATES_DIR

GZIP_FROM_BYTES: Final = 1024
THEMES: Final = ("auto", "light", "dark")
TEXT_SIZES: Final = ("normal", "large")


def make_environments(settings: Settings, assets: Assets) -> dict[str, Environment]:
    """The template environments of an application, by language."""
    return {locale: make_environment(settings, assets, locale) for locale in LOCALES}


def make_environment(settings: Settings, assets: Assets, locale: str) -> Environment:
    """Templates in one language. Autoescape is not Jinja's default: it is set here."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(settings, assets, locale),
        extensions=["jinja2.ext.i18n"],
    )
    environment.code_generator_class = generator_for(locale, {"icon": assets.icon, "static": assets.url})
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        icon=assets.icon,
        static=assets.url,
        town=settings,
        initials=initials,
        tint=tint,
    )
    environment.filters.update(
        ago=dates.ago,
        day=dates.day,
        clock=dates.clock,
        hour=dates.hour,
        long_day=dates.long_day,
        iso=dates.iso,
        duration=durations.said,
    )
    return environment


class _Compiled(FileSystemBytecodeCache):
    """Kept if it can be: a newer version cleans the folder up, and a disk may be full."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled(settings: Settings, assets: Assets, locale: str) -> FileSystemBytecodeCache:
    # What is folded in must be as new as its sources: static files, sentences, and the folding itself.
    sources = f"{assets.release} {version_of(locale)}".encode() + Path(folding.__file__).read_bytes()
    digest = hashlib.sha256(sources)
    folder = settings.data_dir / "cache" / "templates" / f"{locale}-{digest.hexdigest()[:16]}"
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.parent.glob(f"{locale}-*"):
            # Another process may just have made its own: the same one.
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    return _Compiled(str(folder))


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page. Reads are finished by now: the template gets plain values only."""
    flashes = read_flashes(request)
    html = render_text(request, template, {**(context or {}), "flashes": flashes})
    response = HTMLResponse(html, status_code=status, headers=dict(headers or {}))
    if flashes:
        drop_cookie(response, request, FLASH_COOKIE)
    if status >= 400 or has_credentials(request) or flashes:
        response.headers["cache-control"] = "no-store"
    return _zipped(request, response)


def render_text(request: Request, template: str, context: Mapping[str, Any]) -> str:
    """A template as text, with what the layouts need."""
    environment: Environment = request.app.state.environments[current_locale.get()]
    viewer = viewer_of(request)
    flashes: list[Flash] = []
    return environment.get_template(template).render(
        {
            "viewer": viewer,
            "unread": viewer and {"messages": viewer.unread_messages, "notices": viewer.unread_notices},
            "today": dates.long_day(dates.today()),
            "locale": current_locale.get(),
            "theme": preference(request, "theme", THEMES),
            "text_size": preference(request, "text_size", TEXT_SIZES),
            "path": request.scope["path"],
            "full_path": address_of(request),
            "title_prefix": "",
            "flashes": flashes,
            **context,
        }
    )


def address_of(request: Request) -> str:
    """The path and the parameters asked for; Starlette's URL costs more than the rest of a small page."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def preference(request: Request, name: str, choices: tuple[str, ...]) -> str:
    """A reader's choice kept in a cookie; the first one when there is none."""
    value = read_cookie(request, name)
    return value if value in choices else choices[0]


def _zipped(request: Request, response: HTMLResponse) -> HTMLResponse:
    # Safe against BREACH: pages carry no secret tokens (see crosssite.py).
    response.headers["vary"] = "Cookie, Accept-Encoding"
    if "gzip" in request.headers.get("accept-encoding", "") and len(response.body) >= GZIP_FROM_BYTES:
        response.body = gzip.compress(bytes(response.body), 4, mtime=0)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
    return response


def refused_form(request: Request, template: str, context: Mapping[str, Any]) -> Response:
    """The same page with its errors told: 422, title prefixed, the words kept."""
    return render(request, template, {**context, "title_prefix": gettext("Erreur : ")}, status=422)
