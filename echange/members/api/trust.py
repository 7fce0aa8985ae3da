"""Signs of trust and blocks as JSON, over the same verbs."""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    GuardedRoute,
    NotFound,
    Out,
    Viewer,
    answer,
    anyone,
    api,
    concierge,
    member,
    read_json,
    signed_in,
    viewer_of,
)
from echange.members.meeting import met_by
from echange.members.models import Block, Cooptation, Member, Verification
from echange.members.pages.trust import VOUCHING, WithdrawalForm
from echange.members.trust import Sign, trust_of


class SignOut(Out):
    """`name` is empty when the one who gave it is not to be seen."""

    name: str
    url: str
    at: datetime


class TrustOut(Out):
    """`desk`: the desk has met them. `neighbours` know them; `vouched` when you do."""

    member: int
    verified: bool
    desk: SignOut | None
    neighbours: list[SignOut]
    vouched: bool


class BlockOut(Out):
    member: int
    blocked: bool


async def show_trust(request: Request) -> Response:
    return await _told(await _met(request), viewer_of(request))


async def vouch(request: Request) -> Response:
    viewer, person = signed_in(request), await _met(request)
    await Cooptation.give(person, by=viewer.id)
    return await _told(person, viewer)


async def vouch_no_more(request: Request) -> Response:
    viewer, person = signed_in(request), await _met(request)
    await Cooptation.withdraw(person, by=viewer.id)
    return await _told(person, viewer)


async def verify(request: Request) -> Response:
    viewer, person = signed_in(request), await _anybody(request)
    await Verification.give(person, by=viewer.id)
    return await _told(person, viewer)


async def unverify(request: Request) -> Response:
    viewer, person = signed_in(request), await _anybody(request)
    form = await read_json(request, WithdrawalForm)
    await Verification.withdraw(person, by=viewer.id, reason=form.reason)
    return await _told(person, viewer)


async def block(request: Request) -> Response:
    member_id: int = request.path_params["id"]
    await Block.put(member_id, by=signed_in(request).id)
    return answer(BlockOut(member=member_id, blocked=True))


async def unblock(request: Request) -> Response:
    member_id: int = request.path_params["id"]
    await Block.lift(member_id, by=signed_in(request).id)
    return answer(BlockOut(member=member_id, blocked=False))


async def _told(person: Member, viewer: Viewer | None) -> Response:
    trust = await trust_of(person.id, viewer)
    return answer(
        TrustOut(
            member=person.id,
            verified=trust.verified,
            desk=_sign(trust.desk) if trust.desk else None,
            neighbours=[_sign(sign) for sign in trust.neighbours],
            vouched=trust.vouched,
        )
    )


def _sign(sign: Sign) -> SignOut:
    return SignOut(name=sign.name, url=sign.url, at=sign.at)


async def _met(request: Request) -> Member:
    person = await met_by(viewer_of(request)).get_or_none(id=request.path_params["id"])
    if person is None:
        raise NotFound
    return person


async def _anybody(request: Request) -> Member:
    person = await Member.get_or_none(id=request.path_params["id"], left_at=None)
    if person is None:
        raise NotFound
    return person


routes: Final[list[GuardedRoute]] = [
    api(
        "GET", "/members/{id:id}/trust", show_trust, who=anyone, summary="Why to trust them", answer=TrustOut
    ),
    api(
        "PUT",
        "/members/{id:id}/cooptation",
        vouch,
        who=member,
        summary="I know them; five a day, for verified members",
        answer=TrustOut,
        limit=VOUCHING,
    ),
    api(
        "DELETE",
        "/members/{id:id}/cooptation",
        vouch_no_more,
        who=member,
        summary="I vouch for them no more",
        answer=TrustOut,
    ),
    api(
        "PUT",
        "/members/{id:id}/verification",
        verify,
        who=concierge,
        summary="The desk has met them",
        answer=TrustOut,
    ),
    api(
        "DELETE",
        "/members/{id:id}/verification",
        unverify,
        who=concierge,
        summary="The desk takes its sign back, with a reason that they are told",
        body=WithdrawalForm,
        answer=TrustOut,
    ),
    api(
        "PUT",
        "/members/{id:id}/block",
        block,
        who=member,
        summary="Nothing more to do with them, both ways; they are not told",
        answer=BlockOut,
    ),
    api(
        "DELETE",
        "/members/{id:id}/block",
        unblock,
        who=member,
        summary="Meet them again",
        answer=BlockOut,
    ),
]
