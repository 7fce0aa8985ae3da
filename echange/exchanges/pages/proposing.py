"""Proposing an exchange: to whom, then what, for how long, when."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from echange.chat import Subjects
from echange.exchanges.models import Exchange
from echange.exchanges.pages.forms import ProposalForm, StartQuery
from echange.exchanges.pages.starting import Start, start_of
from echange.exchanges.proposing import Terms
from echange.exchanges.sides import SCOPE
from echange.http import (
    Bound,
    Invalid,
    NotFound,
    Refusal,
    Viewer,
    blank,
    hat_of,
    read_form,
    read_query,
    redirect,
    refused_form,
    render,
    signed_in,
)
from echange.http.moments import NoSuchTime, instant_of
from echange.i18n import gettext as _
from echange.members import Skill, fold, met_by, person_of, profile_for

PAGE: Final = "exchanges/propose.html"
_FOUND_AT_MOST: Final = 20


async def ask(request: Request) -> Response:
    """GET /echanges/proposer?annonce=|membre=|entraide=|encore=|nom=."""
    viewer, asked = signed_in(request), _asked(request)
    if asked.entraide is not None:
        return redirect(request, await _help_page(request, viewer, asked.entraide))
    start = await start_of(request, viewer, asked)
    if start is None:
        found = await _found(viewer, asked.nom) if asked.nom else []
        return render(request, "exchanges/propose_to.html", {"asked": asked.nom, "found": found})
    return render(request, PAGE, await _screen(request, start, blank(ProposalForm, **start.values)))


async def propose(request: Request) -> Response:
    """POST /echanges/proposer?annonce=|membre=|encore=."""
    viewer = signed_in(request)
    start = await start_of(request, viewer, _asked(request))
    if start is None:
        raise NotFound
    bound = await read_form(request, ProposalForm)
    if bound.data is not None:
        try:
            terms = await _terms(viewer, start, bound.data)
            it = await Exchange.propose(by=viewer, words=bound.data.words, **terms)
        except NotFound:
            raise
        except NoSuchTime as refusal:
            bound = bound.refuse(refusal, at="hour")
        except Invalid as refusal:
            bound = bound.refuse(_on_screen(refusal))
        except Refusal as refusal:
            bound = bound.refuse(refusal)
        else:
            said = _("C’est proposé. Dès que {name} répond, vous êtes prévenu.").format(
                name=start.other.first_name
            )
            return redirect(request, it.url, say=said)
    return refused_form(request, PAGE, await _screen(request, start, bound))


async def _terms(viewer: Viewer, start: Start, form: ProposalForm) -> Terms:
    if form.skill is not None and not await Skill.exists(id=form.skill):
        raise Invalid({"skill": [_("Ce savoir-faire n’est pas dans la liste.")]})
    me, hat = person_of(viewer, SCOPE), hat_of(viewer)
    mine, theirs = (me, hat.id if hat else None), (start.other.id, form.organisation)
    giver, receiver = (mine, theirs) if form.way == "give" else (theirs, mine)
    return Terms(
        giver_id=giver[0],
        receiver_id=receiver[0],
        giver_organisation_id=giver[1],
        receiver_organisation_id=receiver[1],
        title=form.title,
        minutes=form.minutes,
        about=start.about,
        starts_at=_moment(form),
        place=form.place,
        skill_id=form.skill,
    )


def _moment(form: ProposalForm) -> datetime | None:
    """Raises Invalid for half of one, NoSuchTime."""
    if (form.day is None) != (form.hour is None):
        missing = "day" if form.day is None else "hour"
        raise Invalid({missing: [_("Dites le jour et l’heure, ou ni l’un ni l’autre.")]})
    return instant_of(form.day, form.hour) if form.day and form.hour else None


def _on_screen(refusal: Invalid) -> Invalid:
    """A moment is two fields here."""
    return Invalid({"day" if name == "starts_at" else name: told for name, told in refusal.errors.items()})


def _asked(request: Request) -> StartQuery:
    return read_query(request, StartQuery).data or StartQuery()


async def _help_page(request: Request, viewer: Viewer, help_id: int) -> str:
    subjects: Subjects = request.app.state.subjects
    card = (await subjects.cards([("help", help_id)], viewer)).get(("help", help_id))
    if card is None:
        raise NotFound
    return f"{card.url}#proposer"


async def _screen(request: Request, start: Start, form: Bound[ProposalForm]) -> dict[str, Any]:
    viewer = signed_in(request)
    me = await profile_for(viewer, person_of(viewer, SCOPE))
    skills = [
        *((line.skill_id, _("{skill}, par moi").format(skill=line.name)) for line in me.offers),
        *(
            (line.skill_id, _("{skill}, par {name}").format(skill=line.name, name=start.other.first_name))
            for line in start.other.offers
        ),
    ]
    return {
        "start": start,
        "other": start.other,
        "skills": list(dict(skills).items()),
        "hat": hat_of(viewer),
        "action": f"/echanges/proposer?{urlencode(dict(request.query_params))}",
        "form": form,
    }


async def _found(viewer: Viewer, name: str) -> list[tuple[int, str, str]]:
    """Neighbours called so: id, name, quartier left out."""
    words = fold(name)
    called = Q(sort_key__startswith=words) | Q(sort_key__contains=f" {words}")
    people = met_by(viewer).filter(called, confirmed_at__isnull=False)
    people = people.exclude(id__in=[viewer.id, person_of(viewer, SCOPE)])
    found = await people.order_by("sort_key", "id").limit(_FOUND_AT_MOST)
    return [(one.id, one.name, one.headline) for one in found]
