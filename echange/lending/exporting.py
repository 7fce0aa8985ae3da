"""What a lender lends and has lent, as rows of a sheet: for who manages it."""

from datetime import datetime
from typing import Any, Final

from echange.database import fetch
from echange.http.dates import local
from echange.i18n import gettext as _
from echange.lending.cards import euros
from echange.lending.categories import CATEGORIES
from echange.lending.import_columns import COLUMNS
from echange.lending.kinds import CONDITIONS, KINDS
from echange.lending.models.lender import Lender
from echange.lending.pages.loan_screen import STATES
from echange.lending.unit_codes import codes_of

Row = list[str | int]
MOST: Final = 20_000
_UNITS: Final = """
    SELECT i.title, u.code, i.category, i.body, u.serial, u.condition, i.value_cents, i.deposit_cents, u.note,
           i.kind,
           i.published_at IS NOT NULL AND i.withdrawn_at IS NULL AND i.hidden_at IS NULL AS listed
    FROM unit u JOIN item i ON i.id = u.item_id JOIN booking_unit b ON b.id = u.id
    WHERE i.lender_id = $1 AND b.retired_at IS NULL ORDER BY i.title, i.id, u.code LIMIT $2"""
_LOANS: Final = """
    SELECT n.id, n.state, n.quantity, n.starts_at, n.ends_at, n.out_at, n.returned_at, n.booking_id, i.title,
           coalesce(w.name, b.name) AS borrower, n.state = 'out' AND n.ends_at < now() AS late,
           deposit_left(n.id) AS deposit
    FROM loan n JOIN item i ON i.id = n.item_id JOIN member b ON b.id = n.borrower_id
    LEFT JOIN organisation w ON w.id = n.organisation_id
    WHERE n.lender_id = $1 AND n.state <> 'held'
    ORDER BY n.starts_at DESC, n.id DESC LIMIT $2"""


async def things(lender: Lender) -> list[Row]:
    """A line for each piece in use, in the columns that `importing` reads; a kit has none of its own."""
    heads = [_(column.label) for column in COLUMNS if column.name != "out"]
    rows = await fetch(_UNITS, lender.id, MOST)
    return [[*heads, _("Sorte"), _("Au catalogue")], *map(_thing, rows)]


async def loans(lender: Lender) -> list[Row]:
    """A line for each loan, the newest first, with the codes of what went out."""
    heads = [
        _("Numéro"), _("Objet"), _("Exemplaires"), _("Codes"), _("Emprunteur"), _("État"), _("Du"), _("Au"),
        _("Sorti le"), _("Rendu le"), _("Caution gardée"),
    ]  # fmt: skip
    rows = await fetch(_LOANS, lender.id, MOST)
    codes = await codes_of(row["booking_id"] for row in rows)
    return [[*heads], *(_loan(row, codes.get(row["booking_id"], [])) for row in rows)]


def _thing(row: Any) -> Row:  # noqa: ANN401 — a record of asyncpg
    category = CATEGORIES.get(row["category"])
    condition, kind = CONDITIONS[row["condition"]], KINDS[row["kind"]]
    return [
        row["title"], row["code"], _(category.label) if category else "", row["body"], 1, row["serial"],
        _(condition), euros(row["value_cents"]), euros(row["deposit_cents"] or None),
        row["note"], _(kind), _("oui") if row["listed"] else _("non"),
    ]  # fmt: skip


def _loan(row: Any, codes: list[str]) -> Row:  # noqa: ANN401 — a record of asyncpg
    _look, state = STATES[row["state"]]
    return [
        row["id"], row["title"], row["quantity"], ", ".join(codes), row["borrower"],
        _("En retard") if row["late"] else _(state),
        _moment(row["starts_at"]), _moment(row["ends_at"]), _moment(row["out_at"]),
        _moment(row["returned_at"]), euros(row["deposit"] or None),
    ]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
