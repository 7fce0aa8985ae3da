"""Visitors on kept-open HTTP/1.1 connections, each asking again as soon as it is answered."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

HOST: Final = "127.0.0.1"
CALM_SECONDS: Final = 20.0
HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


class CannotHave(Exception):
    """What a case needs is not to be had here; the message says what and why."""


class Unanswered(CannotHave):
    """A page was not answered as it should be."""


@dataclass(frozen=True)
class Answered:
    """What a rush got: every answer was a 200."""

    answers: int
    seconds: float


async def rush_to(port: int, path: str, *, connections: int, seconds: float) -> Answered:
    """So many visitors at once. Raises Unanswered.

    They ask for so many seconds, and what is asked is waited for: a slow server gives all its answers late,
    and must not go on working while the next one is measured.
    """
    rush = _Rush()
    visitors = await asyncio.gather(*(_Visitor.come(port, path, rush) for _ in range(connections)))
    try:
        started = time.perf_counter()
        for visitor in visitors:
            visitor.ask()
        await rush.last(seconds)
        rush.over = True
        if not await rush.last(CALM_SECONDS):
            raise Unanswered(f"{path}: no answer in {CALM_SECONDS:.0f} s")
        return Answered(rush.answers, time.perf_counter() - started)
    finally:
        for visitor in visitors:
            visitor.leave()


async def one_page(port: int, path: str, within: float) -> bytes:
    """The body of a page, asked for until the answer is 200. Raises Unanswered after `within` seconds."""
    end = time.perf_counter() + within
    while True:
        try:
            async with asyncio.timeout(max(0.01, end - time.perf_counter())):
                status, body = await _fetch(port, path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status, body = str(error) or type(error).__name__, b""
        if status == "200":
            return body
        if time.perf_counter() > end:
            raise Unanswered(f"{path}: {status}")
        await asyncio.sleep(0.005)


async def _fetch(port: int, path: str) -> tuple[str, bytes]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(_request(port, path))
        head = (await reader.readuntil(HEAD_END)).lower()
        return head.split(b" ", 2)[1].decode(), await reader.readexactly(_length(head))
    finally:
        writer.close()


def _request(port: int, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept: text/html\r\n\r\n".encode()


def _length(head: bytes) -> int:
    return int(head.split(LENGTH, 1)[1].split(b"\r\n", 1)[0]) if LENGTH in head else 0


class _Rush:
    """What all visitors of one round have seen."""

    def __init__(self) -> None:
        self.answers = 0
        self.asking = 0
        self.over = False
        self._reason: str | None = None
        self._calm = asyncio.Event()

    async def last(self, seconds: float) -> bool:
        """Wait so long, or until nobody asks any more: whether that came. Raises Unanswered."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._calm.wait()
        if self._reason is not None:
            raise Unanswered(self._reason)
        return self._calm.is_set()

    def answered(self) -> None:
        self.answers += 1
        self.asking -= 1
        if not self.asking:
            self._calm.set()

    def fail(self, reason: str) -> None:
        self._reason = reason
        self._calm.set()


class _Visitor(asyncio.Protocol):
    def __init__(self, port: int, path: str, rush: _Rush) -> None:
        self._request = _request(port, path)
        self._rush = rush
        self._got = bytearray()
        self._awaited = 0
        self._leaving = False

    @classmethod
    async def come(cls, port: int, path: str, rush: _Rush) -> "_Visitor":
        _, visitor = await asyncio.get_running_loop().create_connection(
            lambda: cls(port, path, rush), HOST, port
        )
        return visitor

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        self._rush.asking += 1
        self._transport.write(self._request)

    def leave(self) -> None:
        self._leaving = True
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        got = self._got
        got += data
        if not self._awaited:
            end = got.find(HEAD_END)
            if end < 0:
                return
            head = bytes(got[:end]).lower() + b"\r\n"
            if not head.startswith(b"http/1.1 200") or LENGTH not in head:
                self._rush.fail(head.decode(errors="replace"))
                return
            self._awaited = end + len(HEAD_END) + _length(head)
        if len(got) >= self._awaited:
            got.clear()
            self._awaited = 0
            if not self._rush.over:
                self.ask()
            self._rush.answered()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._leaving:
            self._rush.fail(f"connection lost: {exc}")
