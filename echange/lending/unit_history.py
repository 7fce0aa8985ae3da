"""What happened to a unit, the last first: lent, looked at, repaired."""

from dataclasses import dataclass
from datetime import datetime

from echange.database import fetch
from echange.i18n import gettext as _
from echange.lending.kinds import CONDITIONS

MOST = 100


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A moment in its life. `kind`: lent, report or maintenance."""

    at: datetime
    kind: str
    title: str
    words: str
    loan_id: int | None = None


async def history_of(unit_id: int) -> list[UnitLine]:
    """For who manages it: names of borrowers stand on the loans' own pages."""
    rows = await fetch(
        """SELECT * FROM (
               SELECT h.since AS at, 'lent' AS kind, h.returned_at AS until, '' AS condition, '' AS moment,
                      '' AS words, '{}'::text[] AS missing, l.id AS loan_id
               FROM booking_holding h LEFT JOIN loan l ON l.booking_id = h.booking_id WHERE h.unit_id = $1
               UNION ALL
               SELECT r.at, 'report', NULL, r.condition, r.moment, r.words, r.missing, r.loan_id
               FROM condition_report r WHERE r.unit_id = $1
               UNION ALL
               SELECT m.starts_at, 'maintenance', coalesce(m.ended_at, m.ends_at), '', '', m.words, '{}', NULL
               FROM maintenance m WHERE m.unit_id = $1) AS life
           ORDER BY at DESC, kind LIMIT $2""",
        unit_id,
        MOST,
    )
    return [
        UnitLine(row["at"], row["kind"], _title(row), _words(row["words"], row["missing"]), row["loan_id"])
        for row in rows
    ]


def _title(row: object) -> str:
    kind, until = row["kind"], row["until"]  # type: ignore[index]
    if kind == "lent":
        return _("Prêté, rendu depuis") if until else _("Prêté, pas encore rendu")
    if kind == "maintenance":
        return _("En réparation ou en entretien")
    condition = _(CONDITIONS[row["condition"]])  # type: ignore[index]
    moment = row["moment"]  # type: ignore[index]
    if moment == "out":
        return _("Au départ : {condition}").format(condition=condition)
    if moment == "back":
        return _("Au retour : {condition}").format(condition=condition)
    return _("Vérifié : {condition}").format(condition=condition)


def _words(words: str, missing: list[str]) -> str:
    if not missing:
        return words
    said = _("Il manque : {what}").format(what=", ".join(missing))
    return f"{words} {said}".strip()
