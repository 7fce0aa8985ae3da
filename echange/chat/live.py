"""The socket of a page: messages in, events out, and catching up after a tunnel.

Nothing is true because a socket said it: acks follow commits, and whoever was away reads on from its numbers.
"""

import time
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import orjson
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from echange import members
from echange.chat import frames, log, posting, reading
from echange.chat.asking import hat_of
from echange.chat.forms import Hello, ReadFrame, SendFrame
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
LONGEST_FRAME: Final = 64 * 1024
MOST_MISSING: Final = 500
MOST_STANDINGS: Final = 1000
IDENTIFIED_FOR_SECONDS: Final = 1.0
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

    def __init__(self, socket: WebSocket, viewer: Viewer) -> None:
        self._socket = socket
        self._viewer = viewer
        self._identified_at = time.monotonic()

    async def hold(self, line: Line) -> None:
        """Answer each frame in turn, until the other side leaves."""
        while (text := await self._next_frame()) is not None:
            if len(text) > LONGEST_FRAME or len(text.encode("utf-8", "replace")) > LONGEST_FRAME:
                return line.end(TOO_LARGE)
            await self._answer(line, text)
        return None

    async def _next_frame(self) -> str | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text: str | None = message.get("text")
        # Bytes are no frame of ours: what cannot be read is refused like any garbage.
        return text if text is not None else ""

    async def _answer(self, line: Line, text: str) -> None:
        told: dict[str, Any] = {}
        try:
            frame = _parse(text)
            told = _names(frame)
            await self._check_still_signed_in()
            await self._obey(line, frame)
        except WebSocketDisconnect:
            raise
        except SignedOut:
            line.end(SIGNED_OUT)
        except Exception as error:  # noqa: BLE001 — one bad frame never ends a socket
            line.say(frames.refusal(refusal_for(error), told))

    async def _obey(self, line: Line, frame: Mapping[str, Any]) -> None:
        limit = SENDING if frame.get("type") == "send" else TALKING
        limiter_of(self._socket).take(limit, f"member {self._viewer.id}")
        match frame.get("type"):
            case "hello":
                await self._hello(line, _read(Hello, frame))
            case "send":
                await self._send(line, _read(SendFrame, frame))
            case "read":
                mark = _read(ReadFrame, frame)
                await reading.mark_read(mark.conversation, by=self._viewer.id, seq=mark.seq)
            case _:
                raise Invalid

    async def _check_still_signed_in(self) -> None:
        """Sessions also end where no hub hears of it (another process), and hats change in other windows:
        look again, at most once a second."""
        if time.monotonic() - self._identified_at < IDENTIFIED_FOR_SECONDS:
            return
        viewer = await identify(self._socket, members.load_viewer)
        if viewer is None:
            raise SignedOut
        self._viewer = viewer
        self._identified_at = time.monotonic()

    async def _hello(self, line: Line, hello: Hello) -> None:
        # Listen first, then read the log: what is committed in between comes twice, and is said once.
        line.listen()
        try:
            await self._catch_up(line, hello.cursors)
        except BaseException:
            line.turn_away()
            raise

    async def _catch_up(self, line: Line, cursors: dict[int, int]) -> None:
        standings = await reading.standings(self._viewer.id, list(cursors), MOST_STANDINGS)
        heads = {one.conversation: one.head for one in standings}
        unread = [one.conversation for one in standings if one.unread]
        line.say(frames.welcome(self._viewer.id, heads, unread))
        reached = {conversation: heads[conversation] for conversation in cursors if conversation in heads}
        missing: list[tuple[int, int]] = []
        room = MOST_MISSING
        for conversation, cursor in cursors.items():
            if (head := heads.get(conversation)) is None:
                line.say(frames.refusal(NotFound(), {"conversation": conversation}))
            elif head - cursor > room:
                line.say(frames.gap(conversation, cursor + 1, head))
            elif head > cursor:
                room -= head - cursor
                missing.append((conversation, cursor))
        for event in await log.suffixes(missing) if missing else ():
            line.say(frames.event(event))
            reached[event.conversation] = event.seq
            await line.drained()
        line.catch_up(reached)

    async def _send(self, line: Line, form: SendFrame) -> None:
        event = await posting.post(
            form.conversation,
            by=self._viewer.id,
            client_id=form.client_id,
            body=form.body,
            hat=hat_of(self._viewer, form.hat),
        )
        line.say(frames.ack(form.client_id, form.conversation, event.seq, event.at))


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
