"""What every handler of this room asks first."""

from starlette.requests import Request

from echange.chat.models import Conversation
from echange.chat.subjects import Subjects
from echange.http import NotFound, SignedOut, Viewer, viewer_of


def viewer_in(request: Request) -> Viewer:
    """Who asks; raises SignedOut."""
    viewer = viewer_of(request)
    if viewer is None:
        raise SignedOut
    return viewer


async def conversation_in(request: Request) -> Conversation:
    """The conversation named in the path; raises NotFound for somebody who takes no part in it."""
    visible = Conversation.visible_to(viewer_in(request))
    conversation = await visible.get_or_none(id=request.path_params["id"])
    if conversation is None:
        raise NotFound
    return conversation


def subjects_of(request: Request) -> Subjects:
    """Every kind of thing that a conversation may be about."""
    subjects: Subjects = request.app.state.subjects
    return subjects
