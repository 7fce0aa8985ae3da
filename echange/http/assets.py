"""Styles, scripts and pictures, at addresses that change with every release: browsers keep them for ever."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from echange.http.access import anyone
from echange.http.refusals import NotFound
from echange.http.routing import GuardedRoute, page

BUNDLE: Final = "css/app.css"
FOR_EVER: Final = "public, max-age=31536000, immutable"
_OWN_FILE: Final = re.compile(r"""url\(["']?/static/([^"')]+)["']?\)""")
_RELEASE: Final = re.compile("(r[0-9a-f]{10})/")
ZIPPED: Final = frozenset({".css", ".js", ".mjs", ".svg", ".txt"})


class Assets:
    """The files of one static folder. CSS is written in small files, served as one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self.icon = cache(self._icon)
        self.release = f"r{_fingerprint(self._folder)}"

    def url(self, path: str) -> str:
        """The address of a file in this release. Modules import each other relatively, so they share it."""
        return f"/static/{self.release}/{path}"

    def _icon(self, name: str, size: str = "") -> Markup:
        """A drawn icon; a word always stands beside it."""
        look = f"icon icon-{size}" if size else "icon"
        address = self.url("vendor/icons.svg")
        return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
            look, address, name
        )

    @cache  # noqa: B019 — one instance per application, files change only with a release
    def content(self, path: str) -> bytes:
        """The bytes of a file below the folder; raises NotFound outside of it."""
        if path == BUNDLE:
            return self._bundle()
        return self._file(path).read_bytes()

    @cache  # noqa: B019
    def zipped(self, path: str) -> bytes:
        """The same, compressed once."""
        return gzip.compress(self.content(path), 9, mtime=0)

    def _bundle(self) -> bytes:
        names = (self._folder / "css/bundle.txt").read_text().split()
        styles = "\n".join((self._folder / "css" / name).read_text() for name in names)
        # Fonts and pictures under the same address as in pages, so that a preload is not fetched twice.
        return _OWN_FILE.sub(lambda found: f'url("{self.url(found[1])}")', styles).encode()

    def _file(self, path: str) -> Path:
        try:
            file = (self._folder / path).resolve()
            is_ours = file.is_relative_to(self._folder) and file.is_file() and file.name[0] != "."
        except (OSError, ValueError):  # A name too long, or with a zero in it.
            is_ours = False
        if not is_ours:
            raise NotFound
        return file

    async def serve(self, request: Request) -> Response:
        """GET /static/…: kept for ever at this release’s address, an hour otherwise."""
        path = str(request.path_params["path"])
        release = _RELEASE.match(path)
        path = path[release.end() :] if release else path
        current = release is not None and release[1] == self.release
        headers = {"cache-control": FOR_EVER if current else "public, max-age=3600"}
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if Path(path).suffix not in ZIPPED:
            return FileResponse(self._file(path), media_type=kind, headers=headers)
        headers["vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                self.zipped(path), media_type=kind, headers={**headers, "content-encoding": "gzip"}
            )
        return Response(self.content(path), media_type=kind, headers=headers)


def route(assets: Assets) -> GuardedRoute:
    """All static files."""
    return page("/static/{path:path}", assets.serve, who=anyone)


@cache
def _fingerprint(folder: Path) -> str:
    """What all files of a folder are, read once in a process: they change only with a release."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return digest.hexdigest()[:10]
