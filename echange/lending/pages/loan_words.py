"""The history of a loan in sentences, and its way from the request to the return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.life import Side
from echange.lending.models.loan import Loan
from echange.lending.showing import LoanLine

# Said by whoever reads it, and by the other one.
SENTENCES: Final = {
    "held": (mark("Vous avez choisi ces dates."), mark("{name} a choisi ces dates.")),
    "requested": (mark("Vous avez demandé ce prêt."), mark("{name} a demandé ce prêt.")),
    "agreed": (mark("Vous avez dit oui."), mark("{name} a dit oui.")),
    "refused": (mark("Vous avez dit non."), mark("{name} a dit non.")),
    "cancelled": (mark("Vous avez annulé."), mark("{name} a annulé.")),
    "prepared": (mark("Vous l’avez préparé."), mark("{name} l’a préparé.")),
    "handed_over": (mark("Vous l’avez remis."), mark("{name} l’a remis.")),
    "returned_part": (mark("Vous en avez repris une partie."), mark("{name} en a repris une partie.")),
    "returned": (mark("Vous l’avez repris."), mark("{name} l’a repris.")),
    "damaged": (mark("Vous l’avez noté abîmé."), mark("{name} l’a noté abîmé.")),
    "lost": (mark("Vous l’avez noté perdu."), mark("{name} l’a noté perdu.")),
    "closed": (mark("Vous avez clos ce prêt."), mark("{name} a clos ce prêt.")),
    "no_show": (
        mark("Vous avez noté que personne n’est venu."),
        mark("{name} a noté que personne n’est venu."),
    ),
    "reinstated": (
        mark("Vous avez noté que c’était une erreur : le prêt tient toujours."),
        mark("{name} a noté que c’était une erreur : le prêt tient toujours."),
    ),
    "changed": (mark("Vous avez changé ce prêt."), mark("{name} a changé ce prêt.")),
    "renewed": (mark("Vous avez prolongé ce prêt."), mark("{name} a prolongé ce prêt.")),
    "proposed": (mark("Vous avez proposé {when}."), mark("{name} a proposé {when}.")),
}
# Done by time, or by the calendars.
OF_NOBODY: Final = {
    "held": mark("Gardé pour vous, qui attendiez."),
    "agreed": mark("Réservé : c’était libre."),
    "requested": mark("Demandé."),
    "expired": mark("Sans réponse, la demande s’est arrêtée là."),
    "cancelled": mark("Annulé : l’une des deux personnes n’est plus là."),
    "no_show": mark("Personne n’est venu."),
    "closed": mark("Tout est réglé : ce prêt est terminé."),
    "displaced": mark("Un exemplaire n’est plus disponible : il faut choisir d’autres dates."),
    "moved": mark("Un autre exemplaire a été réservé à la place."),
    "lost": mark("Noté perdu."),
}
AUTOMATIC: Final = (
    mark("Vous l’avez réservé : c’était libre."),
    mark("{name} l’a réservé : c’était libre."),
)
DISPLACED: Final = frozenset({"displaced", "moved"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of the history."""

    kind: str
    at: datetime
    sentence: str
    words: str


def lines_of(history: Sequence[LoanLine], mine: Side | None, borrower: str, lender: str) -> list[Sentence]:
    """The history in sentences, as this side reads it."""
    return [
        Sentence(one.kind, one.at, sentence_of(one, mine, borrower, lender), one.words) for one in history
    ]


def sentence_of(one: LoanLine, mine: Side | None, borrower: str, lender: str) -> str:
    """« Nadia a dit oui. », as this side reads it; others read names."""
    when = ""
    if one.start is not None:
        when = _("{day}, {hour}").format(day=day(one.start), hour=hour(one.start))
    if one.side is None or one.kind in DISPLACED or one.kind not in SENTENCES:
        return _(OF_NOBODY.get(one.kind, OF_NOBODY["expired"]))
    own, others = AUTOMATIC if one.kind == "agreed" and one.side == "borrower" else SENTENCES[one.kind]
    name = borrower if one.side == "borrower" else lender
    said = _(own if one.side == mine else others).format(name=name, when=when)
    if one.why == "alone":
        said += " " + _("Personne d’autre ne pouvait le faire : c’est noté.")
    return said


def steps_of(it: Loan, history: Sequence[LoanLine]) -> list[tuple[str, str]]:
    """Asked → agreed → collected → brought back, each done, now or later; what ended early says so.

    What is ahead says « À retirer »: a next step called « Retiré » reads as done.
    """
    if it.state in ENDED:
        way = [("done", _("Demandé"))]
        if any(one.kind == "agreed" for one in history):
            way.append(("done", _("Accordé")))
        never = _("Personne n’est venu") if it.item.on_the_spot and it.state == "no_show" else ""
        return [*way, ("now", never or _(ENDED[it.state]))]
    reached = REACHED[it.state]
    room = it.item.on_the_spot
    behind = (_("Demandé"), _("Accordé"), *((_("Commencé"), _("Fini")) if room else (_("Remis"), _("Rendu"))))
    still = (_("Début"), _("Fin")) if room else (_("À retirer"), _("À rendre"))
    ahead = (_("À demander"), _("À accorder"), *still)
    return [(_mark(place, reached), (behind if place < reached else ahead)[place]) for place in range(4)]


ENDED: Final = {
    "refused": mark("Refusé"),
    "cancelled": mark("Annulé"),
    "expired": mark("Sans suite"),
    "no_show": mark("Non retiré"),
}
# How many of the four steps lie behind.
REACHED: Final = {
    "held": 0, "requested": 1, "approved": 2, "at_risk": 1, "ready": 2, "out": 3, "lost": 3, "returned": 4,
    "damaged": 4, "closed": 4,
}  # fmt: skip


def _mark(place: int, reached: int) -> str:
    if place < reached:
        return "done"
    return "now" if place == reached else "later"
