"""What échange is measured against stays the page it really shows."""

import httpx
from starlette.applications import Starlette

from tests.ads.annonces import Connection, photographed, published
from tests.benchmarks import same_page


async def test_the_floor_shows_the_page_that_a_visitor_gets(
    app: Starlette, alice: httpx.AsyncClient, client: httpx.AsyncClient, connection: Connection
) -> None:
    await published(alice, title="Tente trois places")
    await photographed(alice, await published(alice, title="Vélo d’enfant"))
    answer = await client.get(same_page.PATH)
    rows = await connection.fetch(same_page.SQL)
    quartiers = await connection.fetch(same_page.QUARTIERS_SQL)
    shell = same_page.unchanging(quartiers, await connection.fetch(same_page.COUNTS_SQL))
    template = app.state.environments["fr"].get_template(same_page.TEMPLATE)
    assert len(rows) == 2
    assert answer.text == template.render({**shell, **same_page.filled(rows)})
