"""What waits in mutual aid: exchanges and shifts; and for the staff what nobody answers."""

from collections.abc import Sequence
from typing import Final

from echange import exchanges
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.members import people_to_call
from echange.mutual_aid import cases
from echange.town.lines import Line
from echange.town.queries import NextShift, shifts_waiting

EXCHANGES_SHOWN: Final = 4


async def exchange_lines(viewer: Viewer) -> list[Line]:
    """One line for each exchange where it is their turn, or that of whom they act for."""
    waiting = await exchanges.waiting(viewer)
    if len(waiting) <= EXCHANGES_SHOWN:
        return [_exchange(one, viewer) for one in waiting]
    shown, others = waiting[: EXCHANGES_SHOWN - 1], waiting[EXCHANGES_SHOWN - 1 :]
    title = ngettext("{n} autre échange vous attend", "{n} autres échanges vous attendent", len(others))
    rest = Line("handshake", "green", title.format(n=len(others)), "", _("Voir mes échanges"), "/echanges")
    return [*(_exchange(one, viewer) for one in shown), rest]


def _exchange(one: exchanges.Waiting, viewer: Viewer) -> Line:
    icon, tint, detail, act = {
        "answer": ("handshake", "green", _("{name} vous propose {duration}."), _("Répondre")),
        "confirm": ("clock", "sun", _("{name} a noté {duration}. Est-ce bien cela ?"), _("Confirmer")),
        "note": ("clock", "green", _("Avec {name}. C’est fait ? Dites combien de temps."), _("Noter")),
        "thank": ("heart", "blue", _("{name} vous a aidé : {duration}. Un mot de merci ?"), _("Remercier")),
    }[one.step]
    detail = detail.format(name=one.name, duration=said(one.minutes))
    if viewer.behalf:
        detail = _("Pour {person}. {detail}").format(person=viewer.behalf.name, detail=detail)
    return Line(icon, tint, one.title, detail, act, one.url)


async def shift_lines(viewer: Viewer) -> list[Line]:
    """Shifts proposed to them, and the one they come to next, within two days."""
    offered, coming = await shifts_waiting(viewer.id)
    return [*(_offered(one) for one in offered), *_coming(coming)]


def _offered(one: NextShift) -> Line:
    detail = _("On vous propose {day}, {hour}.").format(day=day(one.starts_at), hour=hour(one.starts_at))
    return Line("calendar-days", "sun", one.title, detail, _("Répondre"), one.url)


def _coming(shifts: Sequence[NextShift]) -> list[Line]:
    return [
        Line(
            "calendar-days", "green", one.title,
            _("Vous êtes attendu {day}, {hour}.").format(day=day(one.starts_at), hour=hour(one.starts_at)),
            _("Voir"), one.url,
        )
        for one in shifts
    ]  # fmt: skip


async def staff_lines(viewer: Viewer) -> list[Line]:
    """Disagreements to decide, asks nobody answers, people to call."""
    lines = []
    if n := await exchanges.disputes_count(viewer):
        title = ngettext("{n} désaccord à trancher", "{n} désaccords à trancher", n).format(n=n)
        detail = _("Deux voisins n’ont pas compté le même temps.")
        lines.append(Line("scale", "clay", title, detail, _("Trancher"), "/moderation/echanges"))
    if not viewer.roles & {"concierge", "admin"}:
        return lines
    if n := len(await cases(viewer)):
        title = ngettext("{n} demande sans réponse", "{n} demandes sans réponse", n).format(n=n)
        detail = _("Trois jours, et personne encore : qui pourrait aider ?")
        lines.append(Line("hand-heart", "clay", title, detail, _("Chercher"), "/administration/entraide"))
    if n := len(await people_to_call()):
        title = ngettext("{n} personne à appeler", "{n} personnes à appeler", n).format(n=n)
        detail = _("Elles n’ont pas d’adresse e-mail : c’est vous qui leur dites ce qui se passe.")
        lines.append(Line("phone", "sand", title, detail, _("Voir qui"), "/administration/a-dire"))
    return lines
