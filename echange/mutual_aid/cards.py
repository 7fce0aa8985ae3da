"""A help as lists show it: plain values, nothing left to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.http.dates import day, hour, local
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.members import Author
from echange.mutual_aid.kinds import TAGS


@dataclass(frozen=True, slots=True)
class HelpCard:
    """A help in a list; `urgency` as it stands today; `tag` is what the shared tags call its kind."""

    id: int
    kind: str
    title: str
    summary: str
    quartier: str
    minutes: int
    people: int
    taken: int
    urgency: str
    when: str
    standing: bool
    counted: bool
    state: str
    published_at: datetime
    expires_at: datetime | None
    skills: Sequence[str]
    asker: Author
    order: datetime

    @property
    def url(self) -> str:
        return f"/entraide/{self.id}"

    @property
    def tag(self) -> str:
        return TAGS[self.kind]

    @property
    def wanted(self) -> str:
        """« 2 voisins sur 3 »."""
        if self.kind != "ask":
            return ""
        if not self.taken:
            return ngettext("{n} voisin cherché", "{n} voisins cherchés", self.people).format(n=self.people)
        return ngettext("{n} voisin sur {all}", "{n} voisins sur {all}", self.taken).format(
            n=self.taken, all=self.people
        )


def moment(starts_at: datetime, ends_at: datetime) -> str:
    """« samedi 28 novembre, de 9 h 30 à 11 h »."""
    if local(ends_at).date() != local(starts_at).date():
        return _("{day}, à partir de {start}").format(day=day(starts_at), start=hour(starts_at))
    return _("{day}, de {start} à {end}").format(day=day(starts_at), start=hour(starts_at), end=hour(ends_at))


def when_said(when_text: str, slots: Sequence[tuple[datetime, datetime]]) -> str:
    """The first moment to come, or what was said, in one line."""
    if slots:
        others = len(slots) - 1
        first = moment(*slots[0])
        if not others:
            return first
        return ngettext("{first}, ou un autre moment", "{first}, ou {n} autres moments", others).format(
            first=first, n=others
        )
    return when_text or _("c’est souple")
