"""The socket of a page: messages in, events out, and catching up after a tunnel.

Nothing is true because a socket said it: acks follow commits, and whoever was away reads on from its numbers.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import orjson
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from echange import live, members
from echange.chat import amending, frames, log, posting, reading
from echange.chat.asking import hat_of
from echange.chat.events import Event
from echange.chat.forms import (
    AmendFrame,
    DeleteFrame,
    EditFrame,
    Hello,
    ReactFrame,
    ReadFrame,
    SendFrame,
    TypingFrame,
)
from echange.chat.log import Written
from echange.chat.posting import Words
from echange.chat.presence import Presence
from echange.chat.relay import Relay
from echange.http import Access, Form, Invalid, NotFound, Rate, SignedOut, Viewer, member
from echange.http.crosssite import CrossSite, own_origin
from echange.http.errors import refusal_for
from echange.http.forms import validate
from echange.http.front import bearer_of, identify
from echange.http.rates import limiter_of
from echange.http.refusals import TooMany
from echange.live import SIGNED_OUT, TOO_LARGE, Line, hub_of

SENDING: Final = Rate("messages", burst=20, per=4)
TALKING: Final = Rate("frames", burst=60, per=12)
TYPING: Final = Rate("typing", burst=1, per=3)
LONGEST_FRAME: Final = 64 * 1024
MOST_MISSING: Final = 500
MOST_STANDINGS: Final = 1000
MOST_UNACKED: Final = 32
# A session's end is heard of at once (live.Hub); this is for hats, pauses and blocks set elsewhere.
IDENTIFIED_FOR_SECONDS: Final = 10.0
HAT_KNOWN_FOR_SECONDS: Final = 1.0
F = TypeVar("F", bound=Form)


class GuardedSocket(WebSocketRoute):
    """A socket's route that knows who may take it."""

    access: Access = member


async def talk(socket: WebSocket) -> None:
    """GET /live. Refused before it is accepted: a foreign origin, somebody signed out, an eleventh socket."""
    try:
        viewer = await _who(socket)
        await hub_of(socket).serve(socket, viewer, Talk(socket, viewer).hold)
    except Exception as error:
        if socket.application_state is not WebSocketState.CONNECTING:
            raise
        refused = refusal_for(error)
        headers = {"retry-after": str(round(refused.retry_after))} if isinstance(refused, TooMany) else {}
        await socket.send_denial_response(Response(refused.code, refused.status, headers))


route = GuardedSocket("/live", talk)


async def _who(socket: WebSocket) -> Viewer:
    # A browser sends our cookie from any page, and no cross-site rule of its own covers sockets.
    if bearer_of(socket) is None and socket.headers.get("origin") != own_origin(
        socket, socket.app.state.settings
    ):
        raise CrossSite
    viewer = await identify(socket, members.load_viewer)
    if viewer is None:
        raise SignedOut
    GuardedSocket.access.check(viewer)
    return viewer


class Talk:
    """What is said with one socket."""

    __slots__ = ("_free", "_identified_at", "_line", "_socket", "_unacked", "_viewer")

    def __init__(self, socket: WebSocket, viewer: Viewer) -> None:
        self._socket = socket
        self._viewer = viewer
        self._identified_at = time.monotonic()
        self._unacked = 0
        self._free: asyncio.Future[None] | None = None

    async def hold(self, line: Line) -> None:
        """Answer each frame in turn, until the other side leaves."""
        self._line = line
        try:
            while (text := await self._next_frame()) is not None:
                if len(text) > LONGEST_FRAME or len(text.encode("utf-8", "replace")) > LONGEST_FRAME:
                    return line.end(TOO_LARGE)
                await self._answer(text)
        finally:
            self._presence.leave(line)
        return None

    async def _next_frame(self) -> str | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text: str | None = message.get("text")
        # Bytes are no frame of ours: what cannot be read is refused like any garbage.
        return text if text is not None else ""

    async def _answer(self, text: str) -> None:
        told: dict[str, Any] = {}
        try:
            frame = _parse(text)
            told = _names(frame)
            await self._obey(frame)
        except WebSocketDisconnect:
            raise
        except SignedOut:
            self._line.end(SIGNED_OUT)
        except Exception as error:  # noqa: BLE001 — one bad frame never ends a socket
            self._refuse(error, told)

    def _refuse(self, error: BaseException, told: Mapping[str, Any]) -> None:
        self._line.say(frames.refusal(refusal_for(error), told))

    async def _obey(self, frame: Mapping[str, Any]) -> None:
        kind = frame.get("type")
        if kind != "typing":
            limiter_of(self._socket).take(SENDING if kind == "send" else TALKING, f"member {self._viewer.id}")
        await self._stay_identified(frame)
        match kind:
            case "hello":
                await self._hello(_read(Hello, frame))
            case "send":
                await self._send(_read(SendFrame, frame))
            case "edit":
                await self._amend(amending.edit, _read(EditFrame, frame))
            case "delete":
                await self._amend(amending.delete, _read(DeleteFrame, frame))
            case "react":
                await self._amend(amending.react, _read(ReactFrame, frame))
            case "read":
                mark = _read(ReadFrame, frame)
                await reading.mark_read(mark.conversation, by=self._viewer.id, seq=mark.seq)
            case "typing":
                await self._typing(_read(TypingFrame, frame))
            case _:
                raise Invalid

    async def _stay_identified(self, frame: Mapping[str, Any]) -> None:
        """Look again who this is; sooner where they speak for others, for a hat may be lost in between."""
        hatted = self._viewer.acting_for is not None or frame.get("for")
        patience = HAT_KNOWN_FOR_SECONDS if hatted else IDENTIFIED_FOR_SECONDS
        if time.monotonic() - self._identified_at < patience:
            return
        viewer = await identify(self._socket, members.load_viewer)
        if viewer is None:
            raise SignedOut
        self._viewer = viewer
        self._identified_at = time.monotonic()

    async def _hello(self, hello: Hello) -> None:
        # Listen first, then read the log: what is committed in between comes twice, and is said once.
        self._line.listen()
        try:
            await self._catch_up(hello.cursors)
        except BaseException:
            self._line.turn_away()
            raise

    async def _catch_up(self, cursors: dict[int, int]) -> None:
        line = self._line
        relay: Relay = self._socket.app.state.relay
        standings = await reading.standings(
            self._viewer.id, list(cursors), MOST_STANDINGS, relay.joined_seconds
        )
        heads = {one.conversation: one.head for one in standings}
        relay.know(heads, {one.conversation for one in standings if one.joined})
        unread = {one.conversation: one.unread for one in standings if one.unread}
        muted = [one.conversation for one in standings if one.muted]
        line.say(frames.welcome(self._viewer.id, heads, unread, muted))
        # What the welcome counts is not told again, whether or not the client asked for it.
        reached = dict(heads)
        missing: list[tuple[int, int]] = []
        room = MOST_MISSING
        first = await log.first_for(self._viewer.id, list(cursors))
        for conversation, cursor in cursors.items():
            if (head := heads.get(conversation)) is None:
                line.say(frames.refusal(NotFound(), {"conversation": conversation}))
            elif head - cursor > room or cursor + 1 < first.get(conversation, 1):
                line.say(frames.gap(conversation, max(cursor + 1, first.get(conversation, 1)), head))
            elif head > cursor:
                room -= head - cursor
                missing.append((conversation, cursor))
        for event in await log.suffixes(missing, self._viewer) if missing else ():
            line.say(frames.event(event))
            reached[event.conversation] = event.seq
            await line.drained()
        line.catch_up(reached)
        self._presence.greet(line)

    @property
    def _presence(self) -> Presence:
        presence: Presence = self._socket.app.state.presence
        return presence

    async def _send(self, form: SendFrame) -> None:
        words = Words(form.body, hat_of(self._viewer, form.hat), form.reply_to or 0, tuple(form.attachments))
        if words.need_care:
            # What this socket sent before comes first.
            await self._until_unacked(0)
            event = await posting.post(
                form.conversation, by=self._viewer.id, client_id=form.client_id, words=words
            )
            self._ack(event)
            return
        await self._until_unacked(MOST_UNACKED - 1)
        self._unacked += 1
        written = posting.writer.submit(
            form.conversation, by=self._viewer.id, client_id=form.client_id, data=words.data()
        )
        told = {"client_id": form.client_id, "conversation": form.conversation}
        written.add_done_callback(lambda done: self._written(done, told))

    def _written(self, done: "asyncio.Future[Written]", told: Mapping[str, Any]) -> None:
        self._unacked -= 1
        if self._free is not None and not self._free.done():
            self._free.set_result(None)
        if done.cancelled():
            return
        if error := done.exception():
            self._refuse(error, told)
        else:
            self._ack(done.result().event)

    async def _until_unacked(self, most: int) -> None:
        """Read no further while more than this many of the socket's messages wait for their commit."""
        while self._unacked > most:
            self._free = asyncio.get_running_loop().create_future()
            await self._free

    def _ack(self, event: Event) -> None:
        self._line.say(frames.ack(event.client_id, event.conversation, event.seq, event.at))

    async def _amend(self, verb: Callable[..., Awaitable[Event]], form: AmendFrame) -> None:
        """A frame names what its verb asks for."""
        await self._until_unacked(0)
        asked = form.model_dump(exclude={"conversation"})
        self._ack(await verb(form.conversation, by=self._viewer.id, **asked))

    async def _typing(self, form: TypingFrame) -> None:
        limiter_of(self._socket).take(TYPING, f"member {self._viewer.id} in {form.conversation}")
        others = await reading.others_reached(form.conversation, self._viewer.id)
        live.tell(others, frames.typing(form.conversation, self._viewer.id))


def _parse(text: str) -> dict[str, Any]:
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid from error
    if not isinstance(frame, dict):
        raise Invalid
    return frame


def _names(frame: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal repeats, so that the client knows which frame is meant."""
    wanted = {"client_id": str, "conversation": int}
    named = {name: frame[name] for name, kind in wanted.items() if type(frame.get(name)) is kind}
    return {name: value for name, value in named.items() if len(str(value)) <= 64}


def _read(form: type[F], frame: Mapping[str, Any]) -> F:
    return validate(form, dict(frame))
