"""Many short texts in few payloads: who rings, the payload's number, then each text behind its length."""

import asyncio
from collections import deque
from typing import Final

NAME: Final = 12
# A number makes each payload another one: PostgreSQL drops equal ones of a transaction.
NUMBER: Final = 8
LENGTH: Final = 6
OVERHEAD: Final = NAME + NUMBER + LENGTH

# In bytes.
LONGEST_QUEUE: Final = 4 * 1024 * 1024
LONGEST_BATCH: Final = 1024 * 1024
# What Python needs around a text of a few bytes.
HUSK: Final = 64


def encode(text: str) -> bytes:
    """The text as it travels. Raises ValueError for a NUL or half a surrogate pair."""
    encoded = text.encode()
    if b"\0" in encoded:
        raise ValueError("a NUL cannot be rung")
    return encoded


def unpack(payload: bytes) -> list[str]:
    """The texts of a payload, in order. Raises ValueError for what `Outbox` did not make."""
    texts, at = [], NAME + NUMBER
    while at < len(payload):
        start = at + LENGTH
        at = start + int(payload[at:start], 16)
        if not start <= at <= len(payload):
            raise ValueError("a payload cut short")
        texts.append(payload[start:at].decode())
    return texts


class Outbox:
    """Texts on their way out, four MiB of them at most: the oldest make room for the newest."""

    def __init__(self, name: bytes, longest_payload: int) -> None:
        self._name = name
        self._room = longest_payload - NAME - NUMBER
        self._number = 0
        self._texts: deque[bytes] = deque()
        self._size = 0
        self._filled = asyncio.Event()

    def add(self, text: bytes) -> None:
        """Put a text in the queue; never waits."""
        self._texts.append(text)
        self._size += len(text) + HUSK
        while self._size > LONGEST_QUEUE:
            self._next()
        self._filled.set()

    def beat(self) -> None:
        """Let something go out, be it an empty payload."""
        self._filled.set()

    def clear(self) -> None:
        """Forget what has not gone out."""
        self._texts.clear()
        self._size = 0

    async def take(self) -> list[bytes]:
        """The payloads of what has gathered, one MiB at most; waits for something to go out."""
        await self._filled.wait()
        self._filled.clear()
        payloads: list[bytes] = []
        parts: list[bytes] = []
        batch = size = 0
        while self._texts and batch < LONGEST_BATCH:
            if parts and size + LENGTH + len(self._texts[0]) > self._room:
                payloads.append(self._pack(parts))
                parts, size = [], 0
            text = self._next()
            parts.append(b"%06x%b" % (len(text), text))
            size += len(parts[-1])
            batch += len(parts[-1])
        if self._texts:
            self._filled.set()
        return [*payloads, self._pack(parts)]

    def _next(self) -> bytes:
        text = self._texts.popleft()
        self._size -= len(text) + HUSK
        return text

    def _pack(self, parts: list[bytes]) -> bytes:
        self._number = (self._number + 1) % 16**NUMBER
        return b"%b%08x%b" % (self._name, self._number, b"".join(parts))
