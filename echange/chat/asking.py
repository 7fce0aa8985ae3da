"""What every handler of this room asks first."""

from starlette.requests import Request

from echange.chat.models import Conversation
from echange.chat.refusals import HatChanged
from echange.chat.subjects import Subjects
from echange.http import NotFound, Viewer, signed_in
from echange.http.viewer import Acting


async def conversation_in(request: Request) -> Conversation:
    """The conversation named in the path; raises NotFound for somebody who takes no part in it."""
    visible = Conversation.visible_to(signed_in(request))
    conversation = await visible.get_or_none(id=request.path_params["id"])
    if conversation is None:
        raise NotFound
    return conversation


def hat_of(viewer: Viewer, shown: int | None) -> Acting | None:
    """The organisation for which the viewer speaks. `shown`: the id on their page, 0 for their own name.

    Raises HatChanged when it is another one: nobody speaks under a name they did not read.
    """
    hat = viewer.acting_for if viewer.acting_for and viewer.acting_for.may_publish else None
    if shown is not None and shown != (hat.id if hat else 0):
        raise HatChanged
    return hat


def subjects_of(request: Request) -> Subjects:
    """Every kind of thing that a conversation may be about."""
    subjects: Subjects = request.app.state.subjects
    return subjects
