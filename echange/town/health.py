"""Whether échange is well: for whoever watches over it."""

import asyncio
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from echange.database import fetch_one
from echange.database.migrate import is_migrated
from echange.http import admin, anyone, page
from echange.http.errors import DATABASE_AWAY
from echange.live import hub_of

PATIENCE_SECONDS: Final = 2.0


async def healthz(request: Request) -> Response:
    """GET /healthz: the process lives."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """GET /readyz: the database answers and is migrated, the demo town is there where it was asked for."""
    lacking = await _lacking(request)
    headers = {"cache-control": "no-store", **({"retry-after": "1"} if lacking else {})}
    return JSONResponse({"ready": not lacking, "lacking": lacking}, 503 if lacking else 200, headers)


async def _lacking(request: Request) -> list[str]:
    state = request.app.state
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            lacking = [] if await is_migrated(state.database_url) else ["migrations"]
    except (*DATABASE_AWAY, OSError):
        lacking = ["database"]
    return lacking if state.town_loaded else [*lacking, "town"]


async def metrics(request: Request) -> Response:
    """GET /metrics, Prometheus text: the process, its sockets, and how much there is in town."""
    # Imported late: a small town is never scraped.
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        Gauge,
        ProcessCollector,
        generate_latest,
    )

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    counted = {"sockets": hub_of(request).count, **await _counts()}
    for name, value in counted.items():
        Gauge(f"echange_{name}", MEANINGS[name], registry=registry).set(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


MEANINGS: Final = {
    "sockets": "Live connections to this process",
    "members": "Members with a confirmed address",
    "ads_open": "Annonces that can be answered",
    "conversations": "Conversations",
    "jobs_waiting": "Jobs queued or being done",
}


async def _counts() -> dict[str, Any]:
    row = await fetch_one(
        """SELECT (SELECT count(*) FROM member WHERE confirmed_at IS NOT NULL) AS members,
                  (SELECT count(*) FROM ad WHERE published_at IS NOT NULL AND closed_at IS NULL) AS ads_open,
                  (SELECT count(*) FROM conversation) AS conversations,
                  (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')) AS jobs_waiting"""
    )
    return dict(row) if row else {}


routes: Final = [
    page("/healthz", healthz, who=anyone),
    page("/readyz", readyz, who=anyone),
    page("/metrics", metrics, who=admin),
]
