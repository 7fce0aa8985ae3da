"""What members are told about their trainings."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind

GIVEN: Final = "training_given"
TAKEN_BACK: Final = "training_taken_back"


def _said(sentence: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: _(sentence).format(training=data.get("training", ""))


kinds: Final = (
    Kind(
        GIVEN,
        _said(mark("Vous avez la formation « {training} » : vous pouvez réserver ce qui la demande")),
        label=mark("Une formation reçue"),
        mail=True,
    ),
    Kind(
        TAKEN_BACK,
        _said(mark("La formation « {training} » n’est plus à votre nom")),
        label=mark("Une formation retirée"),
        mail=True,
    ),
)
