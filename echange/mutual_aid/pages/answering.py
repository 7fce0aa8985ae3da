"""Proposing oneself for an ask, or asking for what is offered."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from echange.http import Invalid, Refusal, read_form, redirect, refused_form, signed_in
from echange.i18n import gettext as _
from echange.mutual_aid.forms import ProposalForm
from echange.mutual_aid.loading import visible_help
from echange.mutual_aid.models import Help
from echange.mutual_aid.pages.reading import page_of


async def propose(request: Request) -> Response:
    """POST /entraide/12/propositions"""
    aid = await visible_help(request)
    bound = await read_form(request, ProposalForm)
    if bound.data is not None:
        try:
            exchange = await aid.answer(
                by=signed_in(request),
                words=bound.data.words,
                role=bound.data.role,
                starts_at=moment_of(aid, bound.data),
                minutes=bound.data.minutes,
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status and not isinstance(refusal, Invalid):
                raise
            bound = bound.refuse(refusal, at="words")
        else:
            said = _("C’est envoyé. Dès qu’on vous répond, vous êtes prévenu.")
            return redirect(request, f"/echanges/{exchange.id}", say=said)
    fresh = await visible_help(request)
    return refused_form(request, "mutual_aid/help.html", {**await page_of(fresh, request), "form": bound})


def moment_of(aid: Help, form: ProposalForm) -> datetime | None:
    """The moment chosen: one of the help's by its number, or the one that a program names."""
    slots = sorted(slot.starts_at for slot in aid.slots)
    if form.slot is not None and form.slot <= len(slots):
        return slots[form.slot - 1]
    return form.starts_at
