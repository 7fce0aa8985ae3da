"""A line between a doorbell and its server that can be cut and mended, or fall silent."""

import asyncio
from collections.abc import Awaitable, Callable

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """Carries bytes from a loopback port of its own to a server; there is nobody at the port until `mend`."""

    def __init__(self, port: int, reach: Callable[[], Awaitable[Ends]]) -> None:
        self.port = port
        self._reach = reach
        self._listener: asyncio.Server | None = None
        self._carrying: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def mend(self) -> None:
        """Take connections; those made before `cut` stay lost."""
        self._listener = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Drop every connection and take no new one."""
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        # An aborted transport is gone one step later.
        await asyncio.sleep(0)

    def freeze(self) -> None:
        """Keep connections, take new ones, and carry nothing."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Carry again, what waited first."""
        self._flowing.set()

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        outs = [near_out]
        try:
            if self._listener is None:
                # Taken just before it was cut.
                return
            await self._flowing.wait()
            far_in, far_out = await self._reach()
            outs.append(far_out)
            ways = [asyncio.create_task(self._pump(*way)) for way in ((near_in, far_out), (far_in, near_out))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except (asyncio.CancelledError, OSError):
            # Cut, or nobody at the other end: both look the same from the port.
            pass
        finally:
            for out in outs:
                out.transport.abort()
            self._carrying.discard(task)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while some := await source.read(65_536):
            await self._flowing.wait()
            sink.write(some)
            await sink.drain()
