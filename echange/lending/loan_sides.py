"""Who sees a loan, and for which of its two sides somebody speaks just now."""

from typing import TYPE_CHECKING, Final, cast, get_args

from tortoise.expressions import Q

from echange.http import Viewer, hat_of
from echange.lending.life import Side, State, Verb, verbs
from echange.lending.loan_people import deciders_of
from echange.lending.models.lender import Lender
from echange.lending.reinstating import is_in_time
from echange.lending.seeing import DESK, managed_by, myself

if TYPE_CHECKING:
    from echange.lending.models.loan_row import LoanRow


def seen_by(viewer: Viewer | None) -> Q:
    """One's own, one's organisation's, those of whom one acts for, of lenders one manages; the town's desk
    sees those that it decides.
    """
    if viewer is None:
        return Q(id=0)
    seen = borrowed_by(viewer) | Q(borrower_id=viewer.id) | managed_by(viewer, "lender__")
    if viewer.roles & DESK:
        seen |= Q(item__approval="staff")
    return seen


def borrowed_by(viewer: Viewer) -> Q:
    """The loans of whom the viewer speaks for just now: a person, and the organisation of their hat."""
    mine = Q(borrower_id=myself(viewer))
    if hat := hat_of(viewer):
        mine |= Q(organisation_id=hat.id)
    return mine


def borrows(it: "LoanRow", viewer: Viewer) -> bool:
    """Whether they speak for its borrower."""
    hat = hat_of(viewer)
    return it.borrower_id == myself(viewer) or (hat is not None and it.organisation_id == hat.id)


async def lends(it: "LoanRow", viewer: Viewer) -> bool:
    """Whether they decide in its lender's name, or at the town's desk where that decides; under a mandate
    never about what they have borrowed themselves.
    """
    if viewer.behalf is not None and it.borrower_id == viewer.id:
        return False
    if await Lender.filter(managed_by(viewer), id=it.lender_id).exists():
        return True
    if viewer.behalf is not None or viewer.roles.isdisjoint(DESK):
        return False
    from echange.lending.models.item import Item

    return await Item.filter(id=it.item_id, approval="staff").exists()


async def side_of(it: "LoanRow", viewer: Viewer) -> Side | None:
    """The side for which they speak, None when neither."""
    if borrows(it, viewer):
        return "borrower"
    return "lender" if await lends(it, viewer) else None


async def side_for(it: "LoanRow", viewer: Viewer, verb: Verb) -> Side | None:
    """The same for whoever wants to do this: who keeps the town's drills may well borrow one too, but others,
    where there are any, say yes to it, hand it over, take it back and give the deposit back: what is written
    down there of its condition and its deposit is worth something because two have seen it. Who keeps them
    alone could borrow nothing otherwise: they do it themselves, and the history says so.
    """
    mine = borrows(it, viewer)
    if mine and not _is_lenders(verb):
        return "borrower"
    if await lends(it, viewer) and not (verb in _FOR_OTHERS and await _others_could(it, viewer)):
        return "lender"
    return "borrower" if mine else None


async def _others_could(it: "LoanRow", viewer: Viewer) -> bool:
    """Whether it is their own loan, and somebody else may decide about it."""
    if it.borrower_id != viewer.id:
        return False
    return any(one != viewer.id for one in await deciders_of(it.lender_id, it.item_id))


async def verbs_for(it: "LoanRow", viewer: Viewer) -> tuple[Verb, ...]:
    """What they may do now, the expected one first; whoever lends to themselves takes it back too."""
    state = cast("State", it.state)
    theirs = verbs(state, "lender") if await lends(it, viewer) else ()
    if not is_in_time(it):
        theirs = tuple(verb for verb in theirs if verb != "reinstatement")
    if theirs and await _others_could(it, viewer):
        theirs = tuple(verb for verb in theirs if verb not in _FOR_OTHERS)
    if not borrows(it, viewer):
        return theirs
    return *verbs(state, "borrower"), *(verb for verb in theirs if _is_lenders(verb))


def _is_lenders(verb: Verb) -> bool:
    """Whether only a lender ever does this."""
    return all(verb not in verbs(state, "borrower") for state in _ALL)


_FOR_OTHERS: Final[frozenset[Verb]] = frozenset(
    {"approval", "handover", "return", "reinstatement", "closing"}
)
_ALL: Final = get_args(State)
