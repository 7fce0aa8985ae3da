"""The floor: bare Starlette and asyncpg around the same page. Its port is ECHANGE_PORT."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from echange.config import Settings
from tests.benchmarks.same_page import (
    COUNTS_SQL,
    PATH,
    QUARTIERS_SQL,
    SQL,
    TEMPLATE,
    environment,
    filled,
    unchanging,
)

settings = Settings()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(settings.database_url, min_size=2, max_size=settings.pool_size) as pool:
        app.state.pool = pool
        app.state.template = environment().get_template(TEMPLATE)
        app.state.unchanging = unchanging(await pool.fetch(QUARTIERS_SQL), await pool.fetch(COUNTS_SQL))
        yield


async def annonces(request: Request) -> HTMLResponse:
    state = request.app.state
    rows = await state.pool.fetch(SQL)
    return HTMLResponse(state.template.render({**state.unchanging, **filled(rows)}))


def main() -> None:
    uvicorn.run(
        Starlette(routes=[Route(PATH, annonces)], lifespan=lifespan),
        port=settings.port,
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
