"""A socket hears once that somebody is there and once that they have gone, on both kinds of event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
import pytest
import uvloop

from echange.app import create_app
from echange.config import Settings
from tests.chat.crowd import Person, Raw, arrive, gather_in
from tests.chat.sockets import Talker, talker
from tests.conftest import Served, serving

LOOPS: Final = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
PERIOD: Final = 0.3
A_WHILE: Final = 5 * PERIOD


@dataclass
class Together:
    """Two people who have talked, in a town that is served."""

    served: Served
    raw: Raw
    alice: Person
    bob: Person

    @asynccontextmanager
    async def page(self, person: Person) -> AsyncIterator[Talker]:
        """One of theirs, which has not said hello yet."""
        async with talker(self.served.url, person.cookies) as one:
            yield one

    async def seen(self, about: Person) -> None:
        """Return once it is written that they are there: a moment later it is read."""
        async with asyncio.timeout(10):
            while not await self.raw.fetchval(  # noqa: ASYNC110 — rows tell nobody
                "SELECT EXISTS (SELECT FROM presence WHERE member_id = $1)", about.id
            ):
                await asyncio.sleep(0.005)


Story = Callable[[Together], Awaitable[None]]


@pytest.fixture(params=list(LOOPS))
def tell(
    request: pytest.FixtureRequest, database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Story], None]:
    """Plays a story in a town of its own, on the loop that serves people as on Python's own."""
    monkeypatch.setattr("echange.chat.presence.PERIOD_SECONDS", PERIOD)
    monkeypatch.setattr("echange.chat.presence.READ_AFTER_SECONDS", PERIOD / 3)
    # Longer than what is left between writing and reading: whoever greets then waits for the next round.
    monkeypatch.setattr("echange.chat.presence.GREETED_TOGETHER_SECONDS", PERIOD / 2)

    async def in_town(story: Story) -> None:
        app = create_app(settings, database_url)
        async with app.router.lifespan_context(app), serving(app) as served:
            raw = await asyncpg.connect(database_url)
            alice, bob = await arrive(raw, 2)
            talk = await gather_in(raw, [alice, bob])
            await raw.execute("UPDATE conversation SET head = 1 WHERE id = $1", talk)
            try:
                await story(Together(served, raw, alice, bob))
            finally:
                await raw.close()

    def play(story: Story) -> None:
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(in_town(story))

    return play


async def presences(page: Talker) -> list[tuple[int, bool]]:
    return [(one["member"], one["online"]) for one in await page.heard_so_far("presence")]


def test_who_says_hello_just_before_all_are_told_hears_it_once(tell: Callable[[Story], None]) -> None:
    async def story(us: Together) -> None:
        async with us.page(us.alice) as alice:
            async with us.page(us.bob):
                await us.seen(us.bob)
                await alice.hello()
                await alice.hears("presence")
                await asyncio.sleep(A_WHILE)
                assert await presences(alice) == [(us.bob.id, True)]
            frame = await alice.hears("presence")
            await asyncio.sleep(A_WHILE)
            assert await presences(alice) == [(us.bob.id, True), (frame["member"], False)]

    tell(story)


def test_a_second_page_repeats_nothing_to_the_first(tell: Callable[[Story], None]) -> None:
    async def story(us: Together) -> None:
        async with us.page(us.bob), us.page(us.alice) as desk:
            await desk.hello()
            await desk.hears("presence")
            async with us.page(us.alice) as phone:
                await phone.hello()
                await phone.hears("presence")
                await asyncio.sleep(A_WHILE)
                assert await presences(phone) == await presences(desk) == [(us.bob.id, True)]

    tell(story)


def test_what_could_not_be_told_is_told_later(tell: Callable[[Story], None]) -> None:
    """Who has a conversation with whom cannot be read for a while."""

    async def story(us: Together) -> None:
        async with us.page(us.alice) as alice:
            await alice.hello()
            assert await presences(alice) == []
            await us.raw.execute("ALTER TABLE participant RENAME TO elsewhere")
            async with us.page(us.bob):
                await us.seen(us.bob)
                await asyncio.sleep(A_WHILE)
                await us.raw.execute("ALTER TABLE elsewhere RENAME TO participant")
                assert (await alice.hears("presence"))["online"] is True
                await us.raw.execute("ALTER TABLE participant RENAME TO elsewhere")
            await asyncio.sleep(A_WHILE)
            await us.raw.execute("ALTER TABLE elsewhere RENAME TO participant")
            assert (await alice.hears("presence"))["online"] is False

    tell(story)
