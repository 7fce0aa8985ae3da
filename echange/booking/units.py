"""Models and their units: as many things that stand for one another, or one that has a name."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from echange.booking.rules import Rules
from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http.refusals import NotFound

_RULES: Final = (
    "before",
    "after",
    "min_minutes",
    "max_minutes",
    "lead_open_days",
    "horizon_days",
    "spans",
    "step",
)


async def make_model(
    site_id: int, rules: Rules | None = None, units: int = 0, *, named: bool = False
) -> tuple[int, list[int]]:
    """A model at this site and its units, by their ids; a `named` one has one that nothing stands for."""
    async with in_transaction():
        columns = ", ".join(_RULES)
        model_id: int = await fetch_value(
            f"""INSERT INTO booking_model (site_id, named, {columns})
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id""",  # noqa: S608 — constants
            site_id,
            named,
            *_values(rules or Rules()),
        )
        return model_id, await add_units(model_id, 1 if named else units)


async def add_units(model_id: int, n: int) -> list[int]:
    """So many units more, by their ids. Raises NotFound."""
    rows = await fetch(
        """INSERT INTO booking_unit (model_id, named)
           SELECT id, named FROM booking_model, generate_series(1, $2::int) WHERE id = $1 RETURNING id""",
        model_id,
        n,
    )
    if len(rows) != n:
        raise NotFound
    return sorted(row["id"] for row in rows)


async def set_rules(model_id: int, rules: Rules) -> None:
    """Ask this of bookings from now on; what was promised stays as it was. Raises NotFound."""
    assigned = ", ".join(f"{name} = ${place}" for place, name in enumerate(_RULES, start=2))
    if not await execute(
        f"UPDATE booking_model SET {assigned} WHERE id = $1",  # noqa: S608 — constants
        model_id,
        *_values(rules),
    ):
        raise NotFound


async def rules_of(model_ids: Iterable[int]) -> dict[int, Rules]:
    """The rules of each model."""
    rows = await fetch(
        f"SELECT id, {', '.join(_RULES)} FROM booking_model WHERE id = ANY($1::int[])",  # noqa: S608 — constants
        list(model_ids),
    )
    return {row["id"]: Rules(**{name: row[name] for name in _RULES}) for row in rows}


async def move_model(model_id: int, site_id: int) -> None:
    """Let it be collected elsewhere from now on, at the hours there. Raises NotFound."""
    if not await execute("UPDATE booking_model SET site_id = $2 WHERE id = $1", model_id, site_id):
        raise NotFound


def _values(rules: Rules) -> list[object]:
    told = asdict(rules)
    return [told[name] for name in _RULES]
