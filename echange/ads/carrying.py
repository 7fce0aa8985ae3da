"""How something given is carried home."""

from typing import Final, Literal

from echange.i18n import mark

Carry = Literal["", "foot", "bike", "car", "van", "help"]
CARRIES: Final = {
    "foot": mark("À pied"),
    "bike": mark("À vélo"),
    "car": mark("En voiture"),
    "van": mark("En camionnette"),
    "help": mark("On m’aide à le porter"),
}
