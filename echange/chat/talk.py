"""A conversation as one who takes part sees it: the one face of two and of many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from echange.http.dates import ago, clock, local, today
from echange.http.viewer import initials, tint
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.members import Face, first_name

NAMES_SHOWN: Final = 3
_WORD: Final = re.compile(r"\w+")
_ARTICLES: Final = frozenset({"le", "la", "les", "l", "du", "de", "des", "d", "et", "à", "au", "aux"})


@dataclass(frozen=True, slots=True)
class Other(Face):
    """Whom the viewer talks with. `gone` when they may not meet any more: only what was said stays."""

    id: int
    name: str
    handle: str
    quartier: str
    gone: bool = False

    @property
    def url(self) -> str:
        return "" if self.gone else f"/membres/{self.handle}"

    @property
    def first_name(self) -> str:
        return first_name(self.name)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as one of its members sees it: with `other`, or a group, under its own `name` if any.

    `people` are the others, or some of them; `count` says how many take part in all. `unread` counts what
    others wrote after the viewer's mark. `archived`: out of the list until something more is said.
    """

    id: int
    is_group: bool
    name: str
    people: tuple[Other, ...]
    count: int
    role: str
    photo: str
    about: tuple[str, int] | None
    head: int
    read_seq: int
    from_seq: int
    unread: int
    muted: bool
    archived: bool
    last_at: datetime
    last_by: int | None
    last_name: str
    last_body: str
    last_gone: bool

    @property
    def other(self) -> Other | None:
        """The other of two; nobody in a group."""
        return None if self.is_group else self.people[0]

    @property
    def title(self) -> str:
        """What it is called in a list and on top: a name, the group's own or those of its people."""
        return self.people[0].name if not self.is_group else self.name or named_after(self.people, self.count)

    @property
    def addressed(self) -> str:
        """Whom one writes to, in short: « Écrire à … »."""
        return self.people[0].first_name if not self.is_group else self.title

    @property
    def state(self) -> str:
        """What stands below the title: a quartier, or how many they are."""
        if not self.is_group:
            return self.people[0].quartier
        return ngettext("groupe, {n} personne", "groupe, {n} personnes", self.count).format(n=self.count)

    @property
    def initials(self) -> str:
        return self.people[0].initials if not self.is_group else letters(self.title)

    @property
    def tint(self) -> str:
        return self.people[0].tint if not self.is_group else tint(self.id)

    @property
    def url(self) -> str:
        return f"/messages/{self.id}"

    @property
    def owned(self) -> bool:
        """Whether the viewer looks after the group."""
        return self.is_group and self.role == "owner"

    @property
    def about_url(self) -> str:
        """Where one reads who it is: the other's page, or the group's."""
        return self.people[0].url if not self.is_group else f"{self.url}/groupe"

    @property
    def last_said(self) -> str:
        """The last words in a line of a list."""
        if self.last_gone:
            return _("Message supprimé")
        return self.last_body or (_("Pièce jointe") if self.last_by else "")

    @property
    def when(self) -> str:
        """The hour of today's, else the day."""
        return clock(self.last_at) if local(self.last_at).date() == today() else ago(self.last_at)


def named_after(people: Sequence[Other], count: int) -> str:
    """A group without a name of its own is called after its people; `count` with the viewer."""
    names = [one.first_name for one in people[:NAMES_SHOWN]]
    more = count - 1 - len(names)
    if more > 0:
        others = ngettext("{n} autre", "{n} autres", more).format(n=more)
        return _("{names} et {last}").format(names=", ".join(names), last=others)
    if len(names) > 1:
        return _("{names} et {last}").format(names=", ".join(names[:-1]), last=names[-1])
    return names[0] if names else _("Groupe")


def letters(title: str) -> str:
    """Two letters for a group, or the number of its house; articles tell nothing."""
    words = _WORD.findall(title)
    number = next((word for word in words if word.isdecimal() and len(word) <= 3), "")
    return number or initials(" ".join(word for word in words if word.lower() not in _ARTICLES) or title)
