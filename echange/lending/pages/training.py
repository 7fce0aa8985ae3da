"""A lender's trainings: told, given to somebody, taken back; and asked for from a thing's page."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from echange.http import (
    Bound,
    GuardedRoute,
    Invalid,
    NotFound,
    Rate,
    Refusal,
    blank,
    member,
    page,
    read_form,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.i18n import gettext as _
from echange.lending.cards import face_of
from echange.lending.loading import own_lender, visible_item
from echange.lending.models.lender import Lender
from echange.lending.models.training import Training
from echange.lending.training import ask_for, find_people, people_with, trainings_by
from echange.lending.training_forms import GiveForm, TrainingForm
from echange.members import Member

ASKED: Final = Rate("training_asked", 10, 3600)
# Each of these tells somebody, by mail too.
GIVEN: Final = Rate("training_given", 120, 3600)


async def list_trainings(request: Request) -> Response:
    """GET /prets/preteur/7/formations"""
    lender = await own_lender(request)
    return render(request, "lending/trainings.html", await _list_screen(request, lender, blank(TrainingForm)))


async def define(request: Request) -> Response:
    """POST /prets/preteur/7/formations"""
    lender, bound = await own_lender(request), await read_form(request, TrainingForm)
    if bound.data is not None:
        try:
            training = await Training.define(lender, by=signed_in(request), **bound.data.model_dump())
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            return redirect(request, _url(lender, training), say=_("La formation est ajoutée."))
    return refused_form(request, "lending/trainings.html", await _list_screen(request, lender, bound))


async def _list_screen(request: Request, lender: Lender, form: Bound[TrainingForm]) -> dict[str, Any]:
    face = face_of(lender, signed_in(request))
    return {"lender": lender, "face": face, "trainings": await trainings_by(lender), "form": form}


async def show_training(request: Request) -> Response:
    """GET /prets/preteur/7/formations/3"""
    lender, training = await _own(request)
    return render(request, "lending/training.html", await _screen(request, lender, training))


async def rewrite(request: Request) -> Response:
    """POST /prets/preteur/7/formations/3"""
    lender, training = await _own(request)
    bound = await read_form(request, TrainingForm)
    if bound.data is None:
        screen = await _screen(request, lender, training, edit=bound)
        return refused_form(request, "lending/training.html", screen)
    await training.rewrite(by=signed_in(request), **bound.data.model_dump())
    return redirect(request, _url(lender, training), say=_("C’est enregistré."))


async def give(request: Request) -> Response:
    """POST /prets/preteur/7/formations/3/personnes: by name, by handle, or one of several chosen."""
    lender, training = await _own(request)
    bound = await read_form(request, GiveForm)
    found: Sequence[Member] = ()
    if bound.data is not None:
        try:
            found = await _meant(request, bound.data)
            if len(found) == 1:
                by, until = signed_in(request), bound.data.ends_at()
                await training.give(found[0].id, by=by, until=until)
                say = _("C’est noté : {name} a cette formation.").format(name=found[0].name)
                return redirect(request, _url(lender, training), say=say)
            bound = bound.refuse(Invalid({"member": [_("Plusieurs s’appellent ainsi : choisissez.")]}))
        except NotFound:
            bound = bound.refuse(Invalid({"who": [_("Personne ne s’appelle ainsi ici.")]}))
        except Refusal as refusal:
            bound = bound.refuse(refusal)
    screen = await _screen(request, lender, training, form=bound, found=found)
    return refused_form(request, "lending/training.html", screen)


async def _meant(request: Request, form: GiveForm) -> Sequence[Member]:
    """Whom the words may mean; several only where nobody was chosen yet. Raises NotFound for nobody."""
    found = await find_people(form.who, signed_in(request))
    if form.member is not None:
        found = [one for one in found if one.id == form.member]
    if not found:
        raise NotFound
    return found


async def take_back(request: Request) -> Response:
    """POST /prets/preteur/7/formations/3/personnes/12/retrait"""
    lender, training = await _own(request)
    await training.take_back(request.path_params["member"], by=signed_in(request))
    return redirect(request, _url(lender, training), say=_("C’est retiré."))


async def close(request: Request) -> Response:
    """POST /prets/preteur/7/formations/3/fermeture"""
    lender, training = await _own(request)
    await training.close(by=signed_in(request))
    url = _url(lender, training)
    return redirect(request, url, say=_("Elle n’est plus donnée."), undo_url=f"{url}/reouverture")


async def reopen(request: Request) -> Response:
    """POST /prets/preteur/7/formations/3/reouverture"""
    lender, training = await _own(request)
    await training.reopen(by=signed_in(request))
    return redirect(request, _url(lender, training), say=_("Elle est de nouveau donnée."))


async def ask(request: Request) -> Response:
    """POST /prets/12/formation: a message to whoever lends it."""
    item = await visible_item(request)
    try:
        conversation = await ask_for(item, by=signed_in(request))
    except NotFound:
        raise
    except Refusal as refusal:
        return redirect(request, item.url, say=refusal.title, kind="warning")
    return redirect(request, f"/messages/{conversation}")


async def _own(request: Request) -> tuple[Lender, Training]:
    """The training of the address, as it belongs to the lender of the address. Raises NotFound."""
    lender = await own_lender(request)
    training = await Training.get_or_none(id=request.path_params["training"], lender_id=lender.id)
    if training is None:
        raise NotFound
    return lender, training


async def _screen(
    request: Request,
    lender: Lender,
    training: Training,
    *,
    form: Bound[GiveForm] | None = None,
    edit: Bound[TrainingForm] | None = None,
    found: Sequence[Member] = (),
) -> dict[str, Any]:
    return {
        "lender": lender,
        "face": face_of(lender, signed_in(request)),
        "training": {"name": training.name, "closed": training.closed_at is not None},
        "url": _url(lender, training),
        "people": await people_with(training),
        "form": form or blank(GiveForm),
        "edit": edit or blank(TrainingForm, name=training.name, words=training.words),
        "found": [
            {"id": one.id, "name": one.name, "handle": one.handle, "headline": ""} for one in found
        ] if len(found) > 1 else [],
    }  # fmt: skip


def _url(lender: Lender, training: Training) -> str:
    return f"{lender.url}/formations/{training.id}"


_LIST: Final = "/prets/preteur/{id:id}/formations"
_ONE: Final = _LIST + "/{training:id}"

routes: Final[list[GuardedRoute]] = [
    page(_LIST, list_trainings, who=member),
    page(_LIST, define, who=member, methods=("POST",), limit=GIVEN),
    page(_ONE, show_training, who=member),
    page(_ONE, rewrite, who=member, methods=("POST",)),
    page(_ONE + "/personnes", give, who=member, methods=("POST",), limit=GIVEN),
    page(_ONE + "/personnes/{member:id}/retrait", take_back, who=member, methods=("POST",)),
    page(_ONE + "/fermeture", close, who=member, methods=("POST",)),
    page(_ONE + "/reouverture", reopen, who=member, methods=("POST",)),
    page("/prets/{id:id}/formation", ask, who=member, methods=("POST",), limit=ASKED),
]
