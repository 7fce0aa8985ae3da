"""The page of one loan: where it stands, and the one next step of whoever looks."""

from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request

from echange import booking
from echange.booking import Period
from echange.database import fetch_value
from echange.http import Bound, blank, signed_in
from echange.http.dates import now
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending import refusing
from echange.lending.cards import euros, face_of
from echange.lending.changing import day_is_over
from echange.lending.choosing import window_address
from echange.lending.closing_then import closed_for
from echange.lending.desk_showing import at_desk
from echange.lending.life import OVER, Side, Verb
from echange.lending.loan_people import deciders_of
from echange.lending.loan_screen_forms import NothingForm, RenewForm
from echange.lending.models.item import Item
from echange.lending.models.loan import Loan
from echange.lending.pages.loan_words import lines_of, steps_of
from echange.lending.showing import borrower_name, history_of, lender_name, proposal_in, units_of, where_of
from echange.lending.wishing import wanted_of

RENEWALS_SHOWN: Final = 6
# Offered to its borrower only where nobody else keeps what is lent.
_BY_OTHERS: Final[frozenset[Verb]] = frozenset({"approval", "handover", "return", "closing"})
STATES: Final = {
    "held": ("waiting", mark("À confirmer")),
    "requested": ("waiting", mark("Demandé")),
    "approved": ("accepted", mark("Accordé")),
    "at_risk": ("late", mark("Compromis")),
    "ready": ("accepted", mark("Prêt à retirer")),
    "out": ("reserved", mark("En cours")),
    "returned": ("returned", mark("Rendu")),
    "damaged": ("late", mark("Rendu abîmé")),
    "lost": ("late", mark("Perdu")),
    "closed": ("closed", mark("Terminé")),
    "refused": ("closed", mark("Refusé")),
    "cancelled": ("closed", mark("Annulé")),
    "expired": ("expired", mark("Sans suite")),
    "no_show": ("closed", mark("Non retiré")),
}

HERE: Final = {"ready": mark("Prêt"), "no_show": mark("Personne n’est venu")}


def state_of(it: Loan) -> tuple[str, str]:
    """How the shared tag shows it: its look and its word; of a loan loaded with its item."""
    if it.is_late:
        return "late", _("En retard")
    look, word = STATES[it.state]
    return look, _(HERE.get(it.state, word) if it.item.on_the_spot else word)


async def screen_of(request: Request, it: Loan, form: Bound[Any] | None = None) -> dict[str, Any]:
    """What the page needs, of a loan loaded with its people; `form` is the one that was refused."""
    viewer = signed_in(request)
    side = await it.side_of(viewer)
    verbs = await it.next_for(viewer)
    history = await history_of(it)
    units = (await units_of([it])).get(it.id, [])
    proposed = proposal_in(history)
    return {
        "it": it,
        "side": side,
        "verbs": verbs,
        "alone": side == "borrower" and not _BY_OTHERS.isdisjoint(verbs),
        "look": state_of(it),
        "way": steps_of(it, history),
        "history": lines_of(history, side, borrower_name(it), lender_name(it)),
        "units": units,
        "where": where_of(it),
        "lender": face_of(it.lender, viewer),
        "borrower": borrower_name(it),
        "lender_name": lender_name(it),
        "proposal": _proposal(it, proposed.start, proposed.end) if proposed else None,
        "closed": await closed_for(it) if side else None,
        "instead": await _instead(it, viewer, side),
        "missed": it.state in {"approved", "ready"} and day_is_over(it.starts_at),
        "is_over": it.state in OVER,
        "again": it.item.url + window_address(Period(it.starts_at, it.ends_at), it.quantity, it.parts)
        if it.starts_at > now()
        else it.item.url,
        "parts": await _parts(it),
        "may_write": viewer.id == it.borrower_id or (side == "lender" and await _takes_part(it, viewer.id)),
        "deposit": euros(it.item.deposit_cents or None),
        "desk": await at_desk(it, side),
        "can_renew": side == "lender" or it.renewed < it.item.renewals,
        "form": form or blank(NothingForm),
    }


async def renewal_screen(it: Loan, form: Bound[RenewForm]) -> dict[str, Any]:
    """Until when it could be kept: the same hour some days later, where that can be had."""
    choices = []
    rules = await booking.rules_of([it.item.model_id]) if it.item.model_id else {}
    shortest = min((one.min_minutes for one in rules.values()), default=1)
    by_hours = it.item.on_the_spot and shortest < 24 * 60
    step = timedelta(hours=1) if by_hours else timedelta(days=1)
    wish = await it.wish()
    wanted = await wanted_of(wish.item, wish.quantity, wish.parts)
    for n in range(1, 22):
        until = it.ends_at + n * step
        if until > now() and not await booking.can_take(
            wanted, Period(it.starts_at, until), besides=it.booking_id
        ):
            choices.append(until)
        if len(choices) == RENEWALS_SHOWN:
            break
    return {"it": it, "choices": choices, "form": form}


def _proposal(it: Loan, start: datetime | None, end: datetime | None) -> dict[str, Any] | None:
    if start is None or end is None:
        return None
    return {"start": start, "end": end, "words": "", "is_over": start < now()}


async def _instead(it: Loan, viewer: Any, side: Side | None) -> list[refusing.Alternative]:  # noqa: ANN401
    """While it is at risk its borrower chooses: dates that can really be had."""
    if it.state != "at_risk" or side != "borrower":
        return []
    return await refusing.alternatives(await it.wish(), viewer, besides=it.booking_id)


async def _parts(it: Loan) -> list[str]:
    if not it.parts:
        return []
    return [one.title for one in await Item.filter(id__in=it.parts).order_by("title")]


async def _takes_part(it: Loan, member_id: int) -> bool:
    """Whether they are in its conversation, or would be: who decides first."""
    inside: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM conversation c JOIN participant p ON p.conversation_id = c.id
                          WHERE c.about_kind = 'loan' AND c.about_id = $1 AND p.member_id = $2)""",
        it.id,
        member_id,
    )
    return inside or member_id in (await deciders_of(it.lender_id, it.item_id))[:1]
