"""What is lent, in which condition, to whom and on whose yes: the words of each."""

from typing import Final, Literal

from echange.i18n import mark

Kind = Literal["thing", "kit", "room", "desk", "machine"]
Who = Literal["verified", "members"]
Approval = Literal["automatic", "owner", "staff"]
Condition = Literal["new", "good", "worn", "broken", "lost"]

KINDS: Final = {
    "thing": mark("Objet"),
    "kit": mark("Lot"),
    "room": mark("Salle"),
    "desk": mark("Poste de travail"),
    "machine": mark("Machine"),
}
KINDS_MANY: Final = {
    "thing": mark("Objets"),
    "kit": mark("Lots"),
    "room": mark("Salles"),
    "desk": mark("Postes de travail"),
    "machine": mark("Machines"),
}
KIND_HINTS: Final = {
    "thing": mark("Un objet, ou plusieurs exemplaires du même"),
    "kit": mark("Plusieurs de vos objets, empruntés ensemble"),
    "room": mark("Une salle, utilisée sur place"),
    "desk": mark("Une table, un ordinateur, sur place"),
    "machine": mark("Une machine d’atelier, sur place"),
}
KIND_ICONS: Final = {
    "thing": "package",
    "kit": "boxes",
    "room": "door-open",
    "desk": "monitor",
    "machine": "drill",
}
# Used on the spot; everything else is taken home.
ON_THE_SPOT: Final = frozenset({"room", "desk", "machine"})
WHO: Final = {
    "verified": mark("Tous les voisins vérifiés"),
    "members": mark("Les membres de l’association seulement"),
}
APPROVALS: Final = {
    "automatic": mark("Tout de suite, si c’est libre"),
    "owner": mark("Quand je dis oui"),
    "staff": mark("Quand la conciergerie dit oui"),
}
CONDITIONS: Final = {
    "new": mark("Comme neuf"),
    "good": mark("Bon état"),
    "worn": mark("Usé, mais fonctionne"),
    "broken": mark("En panne"),
    "lost": mark("Perdu"),
}
# A unit in one of these is lent to nobody.
UNUSABLE: Final = frozenset({"broken", "lost"})
