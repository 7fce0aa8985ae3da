"""A request for a loan, from the wish to what the calendars keep and whom it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from echange import booking, chat
from echange.database import fetch_value, in_transaction
from echange.http import Invalid, Refusal, Viewer, hat_of
from echange.i18n import gettext as _
from echange.lending import limits, loan_people, loan_refusals
from echange.lending.life import Happening
from echange.lending.seeing import LENDER_THERE, actor
from echange.lending.wishing import Wish, wanted_of

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan

HOLD: Final = timedelta(minutes=10)
_OPEN: Final = f"""
    SELECT id FROM item
    WHERE id = $1 AND published_at IS NOT NULL AND withdrawn_at IS NULL AND hidden_at IS NULL
      AND {LENDER_THERE} FOR SHARE OF item"""  # noqa: S608 — constants
_KEPT_BY_DESK: Final = "SELECT EXISTS (SELECT FROM member WHERE id = ANY($1::int[]) AND kept_by_desk)"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who borrows: a member, for an organisation when its hat is worn."""

    person_id: int
    organisation_id: int | None


def asker_of(by: Viewer) -> Asker:
    """Raises OutOfScope."""
    hat = hat_of(by)
    return Asker(actor(by), hat.id if hat else None)


async def lock_asker(person_id: int) -> None:
    """Hold their member row: of two requests at once the second counts what the first one took."""
    await fetch_value("SELECT id FROM member WHERE id = $1 FOR NO KEY UPDATE", person_id)


async def check(wish: Wish, person_id: int, *, besides: int | None = None) -> None:
    """Everything but the calendars, in the caller's transaction; `besides` is the loan that holds it already.

    Raises what `limits.check` does, NotForLoan, Invalid, Unreachable and NotFound where they may not meet.
    """
    if wish.quantity < 1:
        raise Invalid({"quantity": [_("Ce nombre est hors des limites.")]})
    await _check_lent(wish)
    await limits.check(wish.item, person_id, wish.period, wish.quantity, besides=besides)
    await _check_reach(wish, person_id)


async def check_meet(wish: Wish, person_id: int) -> None:
    """Of that, what lies with the thing and its lender. Raises NotForLoan, Unreachable, NotFound."""
    await _check_lent(wish)
    await _check_reach(wish, person_id)


async def _check_lent(wish: Wish) -> None:
    if await fetch_value(_OPEN, wish.item.id) is None:
        raise loan_refusals.NotForLoan(title=wish.item.title)


async def _check_reach(wish: Wish, person_id: int) -> None:
    lender = await fetch_value("SELECT member_id FROM lender WHERE id = $1", wish.item.lender_id)
    if lender is not None:
        await chat.check_reach(person_id, lender)


async def take(
    wish: Wish,
    *,
    kind: Literal["held", "booked"],
    hold_for: timedelta | None = None,
    staff: bool = False,
    granted: bool = False,
) -> booking.Booked:
    """Take it from the calendars, in the caller's transaction. Raises NotForLoan, and as `booking.take`."""
    wanted = await wanted_of(wish.item, wish.quantity, wish.parts)
    if not wanted:
        raise loan_refusals.NotForLoan(title=wish.item.title)
    return await booking.take(wanted, wish.period, kind=kind, hold_for=hold_for, staff=staff, granted=granted)


def first_event(wish: Wish) -> Happening:
    """What happens to a request at once: it is agreed, or somebody is asked."""
    return "agreed" if wish.item.approval == "automatic" else "requested"


async def announce(it: "Loan", by: Viewer, purpose: str) -> None:
    """Tell the lender's people, and begin the conversation where there is something to talk about."""
    agreed = it.state == "approved"
    await it.tell("lender", "loan_booked" if agreed else "loan_requested", by=by)
    if by.id != it.borrower_id:
        await it.tell("borrower", "loan_agreed" if agreed else "loan_asked", by=by)
    if purpose or not agreed:
        await open_conversation(it, by, purpose)


async def open_conversation(it: "Loan", by: Viewer, words: str) -> int | None:
    """The borrower's conversation with who decides, with the purpose as its first message.

    None with somebody whom the desk stands for, or where nobody of them may be written to.
    """
    deciders = [
        one for one in await loan_people.deciders_of(it.lender_id, it.item_id) if one != it.borrower_id
    ]
    conversation = await _conversation_with(it, deciders)
    if conversation is None:
        return None
    if words:
        if by.behalf is not None:
            words = _("{words}\n— {name}, pour {person}").format(
                words=words, name=by.name, person=by.behalf.name
            )
        await conversation.post(by=it.borrower_id, client_id=chat.client_id(), body=words, hat=hat_of(by))
    return conversation.id


async def _conversation_with(it: "Loan", people: Sequence[int]) -> chat.Conversation | None:
    for one in people:
        if await fetch_value(_KEPT_BY_DESK, [it.borrower_id, one]):
            continue
        try:
            async with in_transaction():
                return await chat.Conversation.open_about("loan", it.id, opener=it.borrower_id, other=one)
        except Refusal:
            # Who speaks for an association may have their reasons not to meet this one; the next may not.
            continue
    return None
