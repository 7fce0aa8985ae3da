"""What is told of a help, as its form and the API give it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from echange.http import Invalid
from echange.i18n import gettext as _
from echange.members import Member, Quartier, Skill

Slot = tuple[datetime, datetime]
Role = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Details:
    """`minutes` for each helper; no slots: it is flexible. `quartier` by slug or id, None for one's own."""

    title: str
    minutes: int
    body: str = ""
    people: int = 1
    effort: int = 1
    access: str = ""
    urgency: str = "calm"
    when_text: str = ""
    standing: bool = False
    counted: bool = True
    quartier: str | int | None = None
    skills: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    slots: tuple[Slot, ...] = ()

    def columns(self, kind: str) -> dict[str, Any]:
        """The same for the table; enough people for the roles, and only offers stand."""
        is_ask = kind == "ask"
        wanted = max(self.people, sum(people for _name, people in self.roles))
        return {
            "title": self.title,
            "minutes": self.minutes,
            "body": self.body,
            "people": wanted if is_ask else 1,
            "effort": self.effort,
            "access": self.access,
            "urgency": self.urgency if is_ask else "calm",
            "when_text": self.when_text,
            "standing": self.standing and not is_ask,
            "counted": self.counted,
        }


async def quartier_of(details: Details, member: Member) -> int | None:
    """The quartier told, else the member's own. Raises Invalid."""
    if details.quartier in (None, ""):
        return member.quartier_id
    by_id = isinstance(details.quartier, int)
    wanted = Quartier.filter(id=details.quartier) if by_id else Quartier.filter(slug=details.quartier)
    found = await wanted.first()
    if found is None:
        raise Invalid({"quartier": [_("Choisissez une des réponses proposées.")]})
    return found.id


async def skill_ids(names: Sequence[str], member: Member) -> list[int]:
    """Skills by name, each once, in their order; one nobody wrote before joins the list."""
    return list(dict.fromkeys([await Skill.named(name, by=member) for name in names]))
