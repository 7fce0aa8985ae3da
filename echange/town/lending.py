"""What waits in lending: a yes, a pick-up, a return."""

from typing import Final

from echange import lending
from echange.http import Viewer
from echange.http.dates import clock, day
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.town.lines import Line

LOANS_SHOWN: Final = 4


async def loan_lines(viewer: Viewer) -> list[Line]:
    """One line for each loan that awaits them; of many the most pressing, and where the others are."""
    waiting = await lending.loans_waiting(viewer)
    if len(waiting) <= LOANS_SHOWN:
        return [_loan(one, viewer) for one in waiting]
    shown, others = waiting[: LOANS_SHOWN - 1], waiting[LOANS_SHOWN - 1 :]
    title = ngettext("{n} autre prêt vous attend", "{n} autres prêts vous attendent", len(others))
    theirs = any(one.step in {"decide", "late_here"} for one in others)
    way = "/prets/tableau" if theirs else "/moi/prets"
    rest = Line("package", "green", title.format(n=len(others)), "", _("Voir les prêts"), way)
    return [*(_loan(one, viewer) for one in shown), rest]


def _loan(one: lending.LoanWaiting, viewer: Viewer) -> Line:
    icon, tint, detail, act = {
        "late": ("triangle-alert", "clay", _("À rapporter : c’était pour {when}."), _("Voir")),
        "choose": (
            "calendar-days",
            "clay",
            _("Ces dates ne tiennent plus : choisissez-en d’autres."),
            _("Choisir"),
        ),
        "confirm": ("clock", "sun", _("Gardé pour vous jusqu’à {when} : confirmez."), _("Confirmer")),
        "decide": ("package", "sun", _("{name} voudrait l’emprunter, {when}."), _("Répondre")),
        "late_here": ("triangle-alert", "clay", _("Chez {name}, attendu {when}."), _("Voir")),
        "collect": ("package", "green", _("À retirer {when}, chez {name}."), _("Voir")),
        "bring": ("undo-2", "green", _("À rapporter {when}, chez {name}."), _("Voir")),
    }[one.step]
    when = _("{day} à {hour}").format(day=day(one.at), hour=clock(one.at))
    detail = detail.format(name=one.name, when=when)
    if viewer.behalf:
        detail = _("Pour {person}. {detail}").format(person=viewer.behalf.name, detail=detail)
    return Line(icon, tint, one.title, detail, act, one.url)
