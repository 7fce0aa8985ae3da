"""The history of an exchange in sentences, and its way from proposal to thanks."""

from typing import Final

from echange.exchanges.life import Side
from echange.exchanges.models import Exchange
from echange.exchanges.showing import Happened
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.i18n import mark

# Said by whoever reads it, and by the other one.
SENTENCES: Final = {
    "proposed": (
        mark("Vous avez proposé cet échange, pour {minutes}."),
        mark("{name} a proposé cet échange, pour {minutes}."),
    ),
    "accepted": (mark("Vous avez dit oui."), mark("{name} a dit oui.")),
    "declined": (mark("Vous avez dit non."), mark("{name} a dit non.")),
    "started": (mark("Vous avez dit que c’est commencé."), mark("{name} a dit que c’est commencé.")),
    "declared": (mark("Vous avez noté {minutes}."), mark("{name} a noté {minutes}.")),
    "countered": (mark("Vous avez plutôt compté {minutes}."), mark("{name} a plutôt compté {minutes}.")),
    "taken_back": (mark("Vous avez repris votre chiffre."), mark("{name} a repris son chiffre.")),
    "confirmed": (mark("Vous avez confirmé {minutes}."), mark("{name} a confirmé {minutes}.")),
    "disputed": (
        mark("Vous avez demandé à la modération de trancher."),
        mark("{name} a demandé à la modération de trancher."),
    ),
    "cancelled": (mark("Vous avez annulé."), mark("{name} a annulé.")),
}
# Done by nobody of the two: by time, or by a moderator.
OF_NOBODY: Final = {
    ("declined", "over"): mark("Ce coup de main est terminé : la proposition s’arrête là."),
    ("cancelled", "over"): mark("Ce coup de main est terminé : la proposition s’arrête là."),
    ("cancelled", "gone"): mark("Annulé : l’une des deux personnes n’est plus là."),
    ("handed_over", "gone"): mark("L’une des deux personnes n’est plus là : la modération va trancher."),
    ("handed_over", "silence"): mark("Deux semaines sans réponse : la modération va trancher."),
    ("expired", ""): mark("Sans nouvelles, l’échange s’est arrêté là."),
    ("arbitrated", ""): mark("La modération a tranché : {minutes}."),
}


def sentence_of(one: Happened, mine: Side | None) -> str:
    """« Bob a noté 1 h 30. », as the side `mine` reads it; others read names."""
    figure = said(one.minutes or 0)
    if one.side is None:
        sentence = _(OF_NOBODY.get((one.kind, one.why), OF_NOBODY["expired", ""])).format(minutes=figure)
    else:
        own, others = SENTENCES[one.kind]
        sentence = _(own if one.side == mine else others).format(name=one.name, minutes=figure)
    return " ".join([sentence, *_beside(one)])


def _beside(one: Happened) -> list[str]:
    notes = []
    if one.helper:
        notes.append(_("{name} l’a fait sous mandat.").format(name=one.helper))
    if one.to_fund:
        notes.append(_("Dont {minutes} au fonds de solidarité.").format(minutes=said(one.to_fund)))
    if one.declined:
        notes.append(_("{minutes} n’ont pas été comptées.").format(minutes=said(one.declined)))
    return notes


def steps_of(it: Exchange, kinds: set[str], *, thanked: bool) -> list[tuple[str, str]]:
    """Proposed → accepted → done → thanks, each done, now or later; what ended early says so."""
    if it.state in ENDED:
        way = [("done", _("Proposé"))]
        if "accepted" in kinds:
            way.append(("done", _("Accepté")))
        return [*way, ("now", _(ENDED[it.state]))]
    reached = _REACHED[it.state] + (it.state == "settled" and thanked)
    names = (_("Proposé"), _("Accepté"), _("Fait"), _("Merci"))
    return [(_mark(place, reached), name) for place, name in enumerate(names)]


ENDED: Final = {
    "declined": mark("Refusé"),
    "cancelled": mark("Annulé"),
    "expired": mark("Sans suite"),
}
# How many of the four steps lie behind.
_REACHED: Final = {"proposed": 1, "accepted": 2, "under_way": 2, "declared": 2, "disputed": 2, "settled": 3}


def _mark(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "now" if place == reached else "later"
