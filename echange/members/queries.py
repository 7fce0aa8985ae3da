"""Hand-written reads: what people offer and look for, and quartiers."""

from dataclasses import dataclass

from echange.database import fetch
from echange.i18n import gettext as _
from echange.members.quartiers import quartiers_note
from echange.members.skill_words import TERM_ICONS, level_said, term_said


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A line of « Je propose » or « Je cherche »; `level` 1 to 3 and `terms` only of what is offered."""

    id: int
    skill_id: int
    name: str
    note: str
    wanted: bool
    level: int | None
    terms: list[str]

    @property
    def how_well(self) -> str:
        return level_said(self.level).capitalize()

    @property
    def terms_said(self) -> list[tuple[str, str]]:
        """Icon and words of each of its terms."""
        return [(TERM_ICONS[term], term_said(term)) for term in self.terms]


async def skills_of(member_id: int) -> list[SkillLine]:
    """What a member offers and looks for, in their order, named in the reader's language."""
    rows = await fetch(
        """SELECT o.id, o.skill_id, s.name, o.note, o.wanted, o.level, o.terms FROM member_skill o
           JOIN skill s ON s.id = o.skill_id WHERE o.member_id = $1 ORDER BY o.position, o.id""",
        member_id,
    )
    return [SkillLine(**{**row, "name": _(row["name"])}) for row in rows]


@dataclass(frozen=True, slots=True)
class QuartierChoices:
    """The quartiers to choose from, by slug and name; `note` says what is to be known of the list, or ""."""

    choices: list[tuple[str, str]]
    note: str


async def quartier_choices() -> QuartierChoices:
    """Every quartier, in order."""
    rows = await fetch("SELECT slug, name, confirmed FROM quartier ORDER BY position")
    note = quartiers_note(row["confirmed"] for row in rows)
    return QuartierChoices([(row["slug"], row["name"]) for row in rows], note)
