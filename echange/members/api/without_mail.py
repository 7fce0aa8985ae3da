"""People without a mailbox as JSON: what the desk does for them."""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import GuardedRoute, Invalid, NotFound, Out, answer, api, concierge, read_json, signed_in
from echange.i18n import gettext as _
from echange.members.account import ages, without_mail
from echange.members.account.without_mail import Card
from echange.members.forms_desk import CardForm
from echange.members.models import Member
from echange.members.pages.desk_people import card_of, minimum_age
from echange.members.pages.door import home_of
from echange.notifications.kinds import kinds_of
from echange.notifications.models import Notice


class PersonOut(Out):
    id: int
    name: str
    url: str


class ToTellOut(Out):
    id: int
    title: str
    at: datetime


class ToTellList(Out):
    items: list[ToTellOut]


async def settle(request: Request) -> Response:
    form = await read_json(request, CardForm)
    minor_until = ages.of_age_on(form.born, minimum_age(request))
    person = await without_mail.settle(await _card(form), by=signed_in(request), minor_until=minor_until)
    return _told(person, 201)


async def describe(request: Request) -> Response:
    person = await without_mail.kept(request.path_params["id"])
    form = await read_json(request, CardForm)
    await without_mail.describe(person.id, await _card(form), by=signed_in(request))
    return _told(await Member.get(id=person.id))


async def _card(form: CardForm) -> Card:
    card = await card_of(form)
    if form.quartier and card.quartier is None:
        raise Invalid({"quartier": [_("Ce quartier n’existe pas.")]})
    return card


def _told(person: Member, status: int = 200) -> Response:
    return answer(PersonOut(id=person.id, name=person.name, url=person.url), status)


async def see_off(request: Request) -> Response:
    await without_mail.see_off(request.path_params["id"], by=signed_in(request), home=home_of(request))
    return answer()


async def keep_after_all(request: Request) -> Response:
    await without_mail.keep_after_all(request.path_params["id"], by=signed_in(request))
    return answer()


async def list_to_tell(request: Request) -> Response:
    person = await without_mail.kept(request.path_params["id"])
    kinds = kinds_of(request)
    notices = await Notice.filter(member_id=person.id, read_at=None).order_by("id")
    items = [ToTellOut(id=one.id, title=kinds[one.kind].sentence(one.data), at=one.at) for one in notices]
    return answer(ToTellList(items=items))


async def told(request: Request) -> Response:
    person = await without_mail.kept(request.path_params["id"])
    if await Notice.read(person.id, request.path_params["notice"]) is None:
        raise NotFound
    return answer()


routes: Final[list[GuardedRoute]] = [
    api(
        "POST", "/members", settle, who=concierge, summary="A member without a mailbox, met at the desk",
        body=CardForm, answer=PersonOut, status=201,
    ),
    api(
        "GET", "/members/{id:id}/to_tell", list_to_tell, who=concierge,
        summary="What to tell somebody without a mailbox", answer=ToTellList,
    ),
    api(
        "POST", "/members/{id:id}/to_tell/{notice:id}", told, who=concierge, summary="It was said",
        status=204,
    ),
    api(
        "PUT", "/members/{id:id}/card", describe, who=concierge, summary="Write their card anew",
        body=CardForm, answer=PersonOut,
    ),
    api(
        "PUT", "/members/{id:id}/departure", see_off, who=concierge,
        summary="They want to leave: erased in fourteen days", status=204,
    ),
    api(
        "DELETE", "/members/{id:id}/departure", keep_after_all, who=concierge,
        summary="They stay after all", status=204,
    ),
]  # fmt: skip
