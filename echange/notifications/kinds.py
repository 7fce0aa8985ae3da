"""The kinds of things a member is told, gathered from all rooms."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import HTTPConnection

from echange.i18n import gettext as _
from echange.i18n import mark


@dataclass(frozen=True)
class Kind:
    """One kind: its sentence from a notice's data, in the reader's language, without a final full stop.

    `label` (marked) names it in the settings: « Une réponse à une de mes annonces ». `mail`: it matters
    enough to be mailed.
    """

    name: str
    sentence: Callable[[Mapping[str, Any]], str]
    label: str
    mail: bool = False


UNKNOWN: Final = Kind("", lambda data: _("Il y a du nouveau pour vous"), mark("Autres nouvelles"))


class Kinds:
    """All kinds of the house, by name."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._by_name = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        # A notice outlives the room that wrote it.
        return self._by_name.get(name, UNKNOWN)

    def mailed(self) -> list[Kind]:
        """Those that come by mail unless refused."""
        return [kind for kind in self._by_name.values() if kind.mail]


def kinds_of(connection: HTTPConnection) -> Kinds:
    """The kinds of the running application."""
    kinds: Kinds = connection.app.state.notices
    return kinds
