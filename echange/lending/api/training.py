"""Trainings in JSON, over the same verbs as the pages."""

from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Form,
    Id,
    Invalid,
    NotAllowed,
    NotFound,
    Out,
    anyone,
    api,
    member,
    read_json,
    read_query,
    signed_in,
    viewer_of,
)
from echange.http import answer as reply
from echange.lending.managing import check_manages, may_manage
from echange.lending.models.lender import Lender
from echange.lending.models.training import Training
from echange.lending.pages.training import GIVEN
from echange.lending.seeing import lender_shown_to
from echange.lending.training import my_trainings, people_with, seen_training, trainings_by
from echange.lending.training_forms import GiveToForm, NewTrainingForm, TrainingPatch


class TrainingsQuery(Form):
    """`?lender=`: those of a lender; without it those that I have."""

    lender: Id | None = None


class TrainingOut(Out):
    """`until`: the last day of mine, where it ends; `has`: whether it is mine just now."""

    id: int
    name: str
    words: str
    lender: int | None
    closed: bool
    has: bool
    until: date | None


class TrainingPage(Out):
    items: list[TrainingOut]
    next: str | None


class TrainedOut(Out):
    id: int
    name: str
    until: date | None
    over: bool


class TrainedPage(Out):
    items: list[TrainedOut]
    next: str | None


async def list_trainings(request: Request) -> Response:
    bound = read_query(request, TrainingsQuery)
    if bound.data is None:
        raise Invalid(bound.errors)
    mine = {one.id: one for one in await my_trainings(signed_in(request))}
    if bound.data.lender is None:
        items = [
            TrainingOut(
                id=one.id,
                name=one.name,
                words="",
                lender=None,
                closed=False,
                has=not one.over,
                until=one.until,
            )
            for one in mine.values()
        ]
        return reply(TrainingPage(items=items, next=None))
    lender = await _seen_lender(request, bound.data.lender)
    items = [
        TrainingOut(
            id=one.id,
            name=one.name,
            words=one.words,
            lender=lender.id,
            closed=one.closed,
            has=one.id in mine and not mine[one.id].over,
            until=mine[one.id].until if one.id in mine else None,
        )
        for one in await trainings_by(lender)
    ]
    return reply(TrainingPage(items=items, next=None))


async def create_training(request: Request) -> Response:
    """By who decides for the lender."""
    form, by = await read_json(request, NewTrainingForm), signed_in(request)
    lender = await _seen_lender(request, form.lender)
    await check_manages(by, lender)
    return _whole(await Training.define(lender, by=by, name=form.name, words=form.words), 201)


async def show_training(request: Request) -> Response:
    return _whole(await _seen(request))


async def change_training(request: Request) -> Response:
    """Only what is given."""
    training, form = await _seen(request), await read_json(request, TrainingPatch)
    said = {"name": training.name, "words": training.words, **form.given()}
    await training.rewrite(by=signed_in(request), **said)
    return _whole(training)


async def close_training(request: Request) -> Response:
    """Given no more; who has it keeps it."""
    await (await _seen(request)).close(by=signed_in(request))
    return reply(None, 204)


async def list_trained(request: Request) -> Response:
    """For the lender's people only."""
    training, me = await _seen(request), signed_in(request)
    if not await may_manage(me, training.lender):
        raise NotAllowed
    people = await people_with(training)
    items = [TrainedOut(id=one.id, name=one.name, until=one.until, over=one.over) for one in people]
    return reply(TrainedPage(items=items, next=None))


async def give_training(request: Request) -> Response:
    training, form = await _seen(request), await read_json(request, GiveToForm)
    await training.give(form.member, by=signed_in(request), until=form.ends_at())
    people = {one.id: one for one in await people_with(training)}
    one = people.get(form.member)
    if one is None:
        raise NotFound
    return reply(TrainedOut(id=one.id, name=one.name, until=one.until, over=one.over), 201)


async def take_training_back(request: Request) -> Response:
    await (await _seen(request)).take_back(request.path_params["member"], by=signed_in(request))
    return reply(None, 204)


async def _seen(request: Request) -> Training:
    training = await seen_training(request.path_params["id"], viewer_of(request))
    if training is None:
        raise NotFound
    return training


async def _seen_lender(request: Request, lender_id: int) -> Lender:
    viewer = viewer_of(request)
    lender = await Lender.filter(id=lender_id).select_related("member", "organisation", "place").first()
    if lender is None or not (lender_shown_to(lender, viewer) or await may_manage(viewer, lender)):
        raise NotFound
    return lender


def _whole(training: Training, status: int = 200) -> Response:
    told = TrainingOut(
        id=training.id,
        name=training.name,
        words=training.words,
        lender=training.lender_id,
        closed=training.closed_at is not None,
        has=False,
        until=None,
    )
    return reply(told, status)


_ONE: Final = "/trainings/{id:id}"

routes: Final = [
    api("GET", "/trainings", list_trainings, who=member,
        summary="Mes formations, ou celles que donne un prêteur", query=TrainingsQuery, answer=TrainingPage),
    api("POST", "/trainings", create_training, who=member, summary="Ajouter une formation",
        body=NewTrainingForm, answer=TrainingOut, status=201, limit=GIVEN),
    api("GET", _ONE, show_training, who=anyone, summary="Une formation", answer=TrainingOut),
    api("PATCH", _ONE, change_training, who=member, summary="Changer une formation", body=TrainingPatch,
        answer=TrainingOut),
    api("DELETE", _ONE, close_training, who=member, summary="Ne plus donner une formation", status=204),
    api("GET", _ONE + "/members", list_trained, who=member, summary="Qui a une formation",
        answer=TrainedPage),
    api("POST", _ONE + "/members", give_training, who=member, summary="Noter que quelqu’un l’a suivie",
        body=GiveToForm, answer=TrainedOut, status=201, limit=GIVEN),
    api("DELETE", _ONE + "/members/{member:id}", take_training_back, who=member,
        summary="Retirer une formation à quelqu’un", status=204),
]  # fmt: skip
