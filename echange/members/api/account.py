"""One's own account as JSON."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, answer, api, member
from echange.members.viewing import current_member


async def pause(request: Request) -> Response:
    await (await current_member(request)).pause()
    return answer()


async def resume(request: Request) -> Response:
    await (await current_member(request)).resume()
    return answer()


routes: Final[list[GuardedRoute]] = [
    api("PUT", "/me/pause", pause, who=member, summary="Be met nowhere for a while", status=204),
    api("DELETE", "/me/pause", resume, who=member, summary="Be there again", status=204),
]
