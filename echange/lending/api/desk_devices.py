"""Devices that work at a desk without network, in JSON: prepared, told the day, heard, forgotten."""

from base64 import b64decode
from typing import Annotated

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from echange.http import Form, Id, Invalid, Line, NotFound, Out, Rate, api, member, read_json, signed_in
from echange.http import answer as reply
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.lending import merging
from echange.lending.models.device import DeskAct, DeskDevice
from echange.lending.models.lender import Lender
from echange.lending.offline_sheet import Sheet, sheet_of
from echange.lending.seeing import managed_by

MOST_ACTS = 200
Base64 = Annotated[str, Field(min_length=4, max_length=400, pattern="^[A-Za-z0-9+/]+={0,2}$")]


class DeviceIn(Form):
    """`public_key`: on P-256, SubjectPublicKeyInfo in base64."""

    lender: Id
    public_key: Base64
    name: Annotated[Line, Field(max_length=80)] = ""


class ActOfDevice(Form):
    """`content` is signed as it stands, in UTF-8; `signature`: r and s, 64 bytes in base64."""

    content: Annotated[str, Field(min_length=2, max_length=20_000)]
    signature: Base64


class ActsIn(Form):
    device: Id
    acts: Annotated[list[ActOfDevice], Field(min_length=1, max_length=MOST_ACTS)]


class Outcome(Out):
    """`outcome`: merged, conflict (why: `conflict`) or dropped; refused acts say their `code`."""

    client_id: str
    outcome: str
    conflict: str
    loan: int | None


class Outcomes(Out):
    items: list[Outcome]


class DeviceOut(Out):
    id: int
    name: str
    lender: int
    at: AwareDatetime
    ends_at: AwareDatetime


class Devices(Out):
    items: list[DeviceOut]


async def prepare(request: Request) -> Response:
    """For half a day; answers with today's sheet."""
    me = signed_in(request)
    form = await read_json(request, DeviceIn)
    lender = await Lender.get_or_none(id=form.lender)
    if lender is None or not await Lender.filter(managed_by(me), id=lender.id).exists():
        raise NotFound
    key = _bytes(form.public_key, "public_key")
    device = await DeskDevice.prepare(lender, by=me, public_key=key, name=form.name)
    return reply(await sheet_of(device), 201)


async def sheet(request: Request) -> Response:
    """Today's, for a device of mine that is still prepared."""
    device = await DeskDevice.of(int(request.path_params["id"]), signed_in(request))
    if (
        device.ended is not None
        or not await Lender.filter(managed_by(signed_in(request)), id=device.lender_id).exists()
    ):
        raise NotFound
    return reply(await sheet_of(device))


async def mine(request: Request) -> Response:
    """Those still prepared."""
    found = DeskDevice.filter(member_id=signed_in(request).id, ended_at=None, ends_at__gt=now())
    items = [
        DeviceOut(id=one.id, name=one.name, lender=one.lender_id, at=one.at, ends_at=one.ends_at)
        for one in await found.order_by("id")
    ]
    return reply(Devices(items=items))


async def forget(request: Request) -> Response:
    await (await DeskDevice.of(int(request.path_params["id"]), signed_in(request))).end()
    return Response(status_code=204)


async def hear(request: Request) -> Response:
    """What was done meanwhile, in order; sent again, it answers as the first time."""
    me = signed_in(request)
    form = await read_json(request, ActsIn)
    device = await DeskDevice.of(form.device, me)
    done = [
        await merging.merge(device, one.content, _bytes(one.signature, "acts"), by=me) for one in form.acts
    ]
    return reply(Outcomes(items=[_told(one) for one in done]))


def _told(one: DeskAct) -> Outcome:
    return Outcome(client_id=one.client_id, outcome=one.outcome, conflict=one.conflict, loan=one.loan_id)


def _bytes(text: str, field: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise Invalid({field: [_("Écrivez du base64.")]}) from error


ACTS = Rate("desk-acts", 120, 600)

routes = [
    api("POST", "/desk/devices", prepare, who=member, summary="Préparer un appareil au comptoir sans réseau",
        body=DeviceIn, answer=Sheet, status=201, limit=Rate("desk-device", 20, 3600)),
    api("GET", "/desk/devices", mine, who=member, summary="Mes appareils préparés", answer=Devices),
    api("GET", "/desk/devices/{id:id}/sheet", sheet, who=member, summary="La feuille du jour d’un appareil",
        answer=Sheet),
    api("DELETE", "/desk/devices/{id:id}", forget, who=member, summary="Oublier un appareil", status=204),
    api("POST", "/desk/acts", hear, who=member, summary="Les gestes faits sans réseau, dans l’ordre",
        body=ActsIn, answer=Outcomes, limit=ACTS),
]  # fmt: skip
