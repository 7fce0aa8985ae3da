"""The room's kind no's."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class WithOneself(Refusal):
    code: ClassVar[str] = "with_oneself"
    sentence: ClassVar[str] = mark("C’est vous : il faut être deux pour se parler.")


class SenderAway(Refusal):
    code: ClassVar[str] = "away"
    sentence: ClassVar[str] = mark(
        "Votre compte est en pause : on ne peut pas écrire en pause. Voyez « Mon compte »."
    )


class SentOtherwise(Refusal):
    """The client id was used before, with another body."""

    code: ClassVar[str] = "conflict"
    sentence: ClassVar[str] = mark(
        "Ce message était déjà parti, avec d’autres mots. Relisez plus haut, puis renvoyez si besoin."
    )


class HatChanged(Refusal):
    """The writer's hat is no longer the one their page shows."""

    code: ClassVar[str] = "hat_changed"
    sentence: ClassVar[str] = mark(
        "Depuis l’ouverture de cette page, vous avez changé de nom. Regardez au nom de qui vous écrivez, "
        "puis renvoyez."
    )
