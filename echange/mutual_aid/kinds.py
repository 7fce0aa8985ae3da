"""The words of helps: kinds, urgency, effort, endings."""

from typing import Final, Literal

from echange.i18n import mark

Kind = Literal["ask", "offer"]
Urgency = Literal["today", "week", "calm"]
Outcome = Literal["done", "cancelled"]

KINDS: Final = {"ask": mark("Demandes"), "offer": mark("Offres")}
URGENCIES: Final = {
    "today": mark("Aujourd’hui ou demain"),
    "week": mark("Cette semaine"),
    "calm": mark("Rien ne presse"),
}
EFFORTS: Final = {
    1: (mark("Tranquille"), mark("On peut rester assis.")),
    2: (mark("Un peu physique"), mark("On bouge, on se penche, on porte léger.")),
    3: (mark("Physique"), mark("On porte lourd, ou l’on reste longtemps debout.")),
}
OUTCOMES: Final = {
    "ask": (("done", mark("C’est fait, merci aux voisins")), ("cancelled", mark("Je n’en ai plus besoin"))),
    "offer": (("done", mark("C’est fait")), ("cancelled", mark("Je retire mon offre"))),
}
ENDINGS: Final = {
    "done": mark("C’est fait"),
    "cancelled": mark("Retiré"),
    "expired": mark("Le temps est passé"),
}
# As the shared tags name them.
TAGS: Final = {"ask": "service_sought", "offer": "service_offered"}
