"""The deposit book: what is held for a loan, given back, or kept after a decision. Nothing is paid here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from echange.database import fetch, fetch_value
from echange.database.again import again
from echange.http import Refusal, Viewer
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import mark
from echange.lending import desk_refusals, loan_refusals
from echange.lending.life import TO_SETTLE
from echange.lending.models.deposit import Deposit
from echange.members import note_act

if TYPE_CHECKING:
    from echange.lending.models.loan import Loan

MEANS: Final = {
    "cheque": mark("Chèque"),
    "cash": mark("Espèces"),
    "card": mark("Empreinte de carte"),
    "other": mark("Autre"),
}
KINDS: Final = {"taken": mark("Reçue"), "returned": mark("Rendue"), "kept": mark("Gardée")}
# The same sum written down again within this time is a second click.
JUST_NOW: Final = timedelta(minutes=1)
_NEVER_BELOW: Final[dict[str, type[Refusal]]] = {"deposit_never_below_zero": desk_refusals.DepositTooLow}


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in cents, and how it is given."""

    cents: int
    means: str = "cheque"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What was taken for a loan, in cents, and what became of it."""

    taken: int
    returned: int
    kept: int

    @property
    def left(self) -> int:
        return self.taken - self.returned - self.kept


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of the book, or, of `held_by`, a loan for which something is held."""

    at: datetime
    kind: str
    cents: int
    means: str
    words: str
    loan_id: int
    title: str
    borrower: str
    by: str


@again
async def take(it: "Loan", given: Sum, *, by: Viewer) -> bool:
    """Write down that it was taken. False when the same person has just said so.

    Raises NotYourTurn, NotNow, NoDeposit, DepositTooHigh.
    """
    async with it.turn(by, "handover") as turn:
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        # Before it goes out it may be called off, which a deposit would stand against.
        if it.state != "out":
            raise loan_refusals.NotNow
        if await _just_said(it, "taken", given.cents, by):
            return False
        done = await write_taken(it, given, by)
        if done:
            await note_act(by, "deposit_taken", ("loan", it.id))
        return done


async def write_taken(it: "Loan", given: Sum, by: Viewer) -> bool:
    """The same in the caller's transaction, the loan being locked."""
    most = await _most(it)
    if not most:
        raise desk_refusals.NoDeposit
    left = (await account_of(it)).left
    if left + given.cents > most:
        last = await Deposit.filter(loan_id=it.id).order_by("-id").first()
        if last and (last.kind, last.cents, last.by_id) == ("taken", given.cents, by.id):
            return False
        raise desk_refusals.DepositTooHigh
    await _write(it, "taken", given, by)
    return True


@again
async def give_back(it: "Loan", *, by: Viewer, given: Sum | None = None) -> bool:
    """Write down that all of it, or so much, was given back; the loan ends where nothing is left to settle.

    False when nothing is held any more, or the same person has just said so. Raises NotYourTurn,
    DepositTooLow.
    """
    async with it.turn(by, "closing") as turn:
        if turn.side != "lender":
            raise loan_refusals.NotYourTurn
        left = (await account_of(it)).left
        if not left or (given and await _just_said(it, "returned", given.cents, by)):
            return False
        means: str = await fetch_value(
            "SELECT means FROM deposit WHERE loan_id = $1 AND kind = 'taken' ORDER BY id DESC LIMIT 1", it.id
        )
        await _write(it, "returned", given or Sum(left, means), by)
        await note_act(by, "deposit_returned", ("loan", it.id))
        await close_if_settled(it, by)
        return True


async def keep(it: "Loan", cents: int, words: str, by: Viewer) -> None:
    """Write down that so much is kept, in the caller's transaction. Raises DepositTooLow."""
    await _write(it, "kept", Sum(cents, "other", words[:300]), by)


async def close_if_settled(it: "Loan", by: Viewer) -> None:
    """End a loan that is back, once no deposit is held and nothing waits for a decision; it is locked."""
    if it.state in TO_SETTLE and await it.is_settled():
        await it.move("closed", by)


async def account_of(it: "Loan") -> Account:
    return (await accounts_of([it.id]))[it.id]


async def accounts_of(loan_ids: Collection[int]) -> dict[int, Account]:
    rows = await fetch(
        """SELECT n.id, coalesce(sum(d.cents) FILTER (WHERE d.kind = 'taken'), 0)::int AS taken,
               coalesce(sum(d.cents) FILTER (WHERE d.kind = 'returned'), 0)::int AS returned,
               coalesce(sum(d.cents) FILTER (WHERE d.kind = 'kept'), 0)::int AS kept
           FROM unnest($1::int[]) AS n (id) LEFT JOIN deposit d ON d.loan_id = n.id GROUP BY n.id""",
        list(loan_ids),
    )
    return {row["id"]: Account(row["taken"], row["returned"], row["kept"]) for row in rows}


async def total_of(lender_ids: Collection[int]) -> Account:
    """Of all loans of these lenders together."""
    rows = await fetch(
        """SELECT coalesce(sum(d.cents) FILTER (WHERE d.kind = 'taken'), 0)::bigint AS taken,
               coalesce(sum(d.cents) FILTER (WHERE d.kind = 'returned'), 0)::bigint AS returned,
               coalesce(sum(d.cents) FILTER (WHERE d.kind = 'kept'), 0)::bigint AS kept
           FROM deposit d JOIN loan n ON n.id = d.loan_id WHERE n.lender_id = ANY($1::int[])""",
        list(lender_ids),
    )
    return Account(rows[0]["taken"], rows[0]["returned"], rows[0]["kept"])


async def held_by(lender_ids: Collection[int]) -> list[BookLine]:
    """What is held just now, one line a loan, the longest held first."""
    return _lines(await fetch(_HELD, list(lender_ids)))


async def book_of(lender_ids: Collection[int], limit: int = 500) -> list[BookLine]:
    """The lines, the last first."""
    return _lines(await fetch(_BOOK, list(lender_ids), limit))


async def lines_of(it: "Loan") -> list[BookLine]:
    """Those of one loan, the first first."""
    return _lines(await fetch(_OF_LOAN, it.id))


_HELD: Final = """
    SELECT min(d.at) AS at, 'taken' AS kind, deposit_left(n.id)::int AS cents,
           (array_agg(d.means ORDER BY d.id DESC))[1] AS means, '' AS words, n.id AS loan_id, i.title,
           coalesce(w.name, b.name) AS borrower, '' AS by
    FROM deposit d JOIN loan n ON n.id = d.loan_id JOIN item i ON i.id = n.item_id
    JOIN member b ON b.id = n.borrower_id LEFT JOIN organisation w ON w.id = n.organisation_id
    WHERE n.lender_id = ANY($1::int[]) AND d.kind = 'taken'
    GROUP BY n.id, i.title, w.name, b.name HAVING deposit_left(n.id) > 0 ORDER BY 1, n.id"""
_LINES: Final = """
    SELECT d.at, d.kind, d.cents, d.means, d.words, n.id AS loan_id, i.title,
           coalesce(w.name, b.name) AS borrower, coalesce(y.name, '') AS by
    FROM deposit d JOIN loan n ON n.id = d.loan_id JOIN item i ON i.id = n.item_id
    JOIN member b ON b.id = n.borrower_id LEFT JOIN organisation w ON w.id = n.organisation_id
    LEFT JOIN member y ON y.id = d.by_id"""
_BOOK: Final = f"{_LINES} WHERE n.lender_id = ANY($1::int[]) ORDER BY d.id DESC LIMIT $2"
_OF_LOAN: Final = f"{_LINES} WHERE n.id = $1 ORDER BY d.id"


def _lines(rows: Sequence[object]) -> list[BookLine]:
    return [BookLine(*(row[name] for name in BookLine.__slots__)) for row in rows]  # type: ignore[index]


async def _most(it: "Loan") -> int:
    """All that may be held for it at a time."""
    most: int = await fetch_value(
        "SELECT i.deposit_cents * n.quantity FROM loan n JOIN item i ON i.id = n.item_id WHERE n.id = $1",
        it.id,
    )
    return most


async def _just_said(it: "Loan", kind: str, cents: int, by: Viewer) -> bool:
    last = await Deposit.filter(loan_id=it.id).order_by("-id").first()
    return (
        last is not None
        and (last.kind, last.cents, last.by_id) == (kind, cents, by.id)
        and last.at > now() - JUST_NOW
    )


async def _write(it: "Loan", kind: str, given: Sum, by: Viewer) -> None:
    with kept(_NEVER_BELOW):
        await Deposit.create(
            kind=kind, cents=given.cents, means=given.means, words=given.words, loan_id=it.id, by_id=by.id
        )
