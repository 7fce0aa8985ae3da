"""A verb pressed on a page: what was done is said on the next one, a no on the same, the words kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from echange.http.flash import redirect
from echange.http.forms import Bound, Form
from echange.http.refusals import Refusal

F = TypeVar("F", bound=Form)


async def attempt(
    request: Request,
    bound: Bound[F],
    do: Callable[[F], Awaitable[str]],
    *,
    then: str,
    refused: Callable[[Bound[F]], Awaitable[Response]],
    at: str = "",
) -> Response:
    """`do` what the form says, and say on the page `then` what it answers.

    `refused` shows the form again with what is wrong, a rule's no beside the field `at`. Raises NotAllowed,
    NotFound: they are no matter of a form.
    """
    if bound.data is None:
        return await refused(bound)
    try:
        say = await do(bound.data)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return await refused(bound.refuse(refusal, at=at))
    return redirect(request, then, say=say)
