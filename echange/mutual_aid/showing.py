"""A help as its own page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from echange.http import Viewer, hat_of
from echange.http.dates import local, now
from echange.http.durations import said
from echange.i18n import gettext as _
from echange.members import Author, shown_fields
from echange.mutual_aid import warnings
from echange.mutual_aid.cards import moment
from echange.mutual_aid.kinds import EFFORTS, ENDINGS, TAGS, URGENCIES
from echange.mutual_aid.models import Help
from echange.mutual_aid.proposing import roles_left
from echange.mutual_aid.queries import name_for


@dataclass(frozen=True, slots=True)
class Fact:
    """An icon, a label in bold (or ""), and words."""

    icon: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class RoleLeft:
    """A role, and how many are still wanted for it."""

    name: str
    people: int
    left: int


@dataclass(frozen=True, slots=True)
class HelpDetail:
    """Everything on the page. `slots`: number, words, whether it is still to come. `for_whom`: for whom the
    viewer looks after it, when not for themselves. `ending` is "" while it goes on.
    """

    id: int
    kind: str
    tag: str
    title: str
    url: str
    paragraphs: Sequence[Sequence[str]]
    quartier: str
    published_at: datetime
    expires_at: datetime | None
    state: str
    ending: str
    minutes: int
    people: int
    taken: int
    counted: bool
    standing: bool
    when_text: str
    slots: Sequence[tuple[int, str, bool]]
    roles: Sequence[RoleLeft]
    skills: Sequence[str]
    facts: Sequence[Fact]
    urgency: str
    asker: Author
    asker_quartier: str
    since: int
    risk: str
    for_whom: str
    can_edit: bool
    can_answer: bool
    can_renew: bool
    can_reopen: bool

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def free_places(self) -> int:
        return max(0, self.people - self.taken) if self.kind == "ask" else 0


async def detail_of(aid: Help, viewer: Viewer | None, photo: str = "") -> HelpDetail:
    """The page of a help loaded by `loading.whole`; `photo` is the address of its person's."""
    left = (await roles_left([aid.id]))[aid.id]
    slots = sorted(aid.slots, key=lambda slot: slot.starts_at)
    shown = shown_fields(aid.person, viewer)
    of_organisation = aid.organisation is not None
    return HelpDetail(
        id=aid.id,
        kind=aid.kind,
        tag=TAGS[aid.kind],
        title=aid.title,
        url=aid.url,
        paragraphs=_paragraphs(aid.body),
        quartier=aid.quartier.name if aid.quartier else "",
        published_at=aid.published_at,
        expires_at=aid.expires_at,
        state=aid.state,
        ending=_(ENDINGS[aid.state]) if aid.state in ENDINGS else "",
        minutes=aid.minutes,
        people=aid.people,
        taken=aid.taken,
        counted=aid.counted,
        standing=aid.standing,
        when_text=aid.when_text,
        slots=[
            (n, moment(slot.starts_at, slot.ends_at), slot.ends_at > now()) for n, slot in enumerate(slots, 1)
        ],
        roles=[RoleLeft(role.name, role.people, left.get(role.name, 0)) for role in _in_order(aid)],
        skills=[line.skill.name for line in sorted(aid.skills, key=lambda line: line.id)],
        facts=_facts(aid),
        urgency=_(URGENCIES[aid.pressing]) if aid.kind == "ask" and aid.pressing != "calm" else "",
        asker=_asker(aid, viewer, photo),
        asker_quartier=aid.person.quartier.name
        if aid.person.quartier and "quartier" in shown and not of_organisation
        else "",
        since=local((aid.organisation or aid.person).created_at).year,
        risk=warnings.risk_note() if warnings.is_risky(aid.title, aid.body) else "",
        for_whom=_for_whom(aid, viewer),
        can_edit=aid.can_be_edited_by(viewer),
        can_answer=aid.can_be_answered_by(viewer),
        can_renew=aid.can_be_renewed(),
        can_reopen=aid.can_be_reopened(),
    )


def _facts(aid: Help) -> list[Fact]:
    effort, meaning = EFFORTS[aid.effort]
    facts = [
        Fact("clock", _("Durée"), _("{time} environ").format(time=said(aid.minutes))),
        Fact("accessibility", _(effort), _(meaning)),
    ]
    if aid.access:
        facts.append(Fact("info", _("Accès"), aid.access))
    if aid.counted:
        facts.append(
            Fact("repeat", _("Contre du temps"), _("Une heure pour une heure, sur le compte d’heures."))
        )
    else:
        facts.append(Fact("gift", _("Sans compter"), _("Aucune heure ne bouge : c’est offert.")))
    return facts


def _asker(aid: Help, viewer: Viewer | None, photo: str) -> Author:
    if aid.organisation is not None:
        one = aid.organisation
        return Author(one.id, one.name, one.slug, one.kind, one.verified_at is not None)
    person = aid.person
    name = name_for(person.name, viewer)
    return Author(person.id, name, person.handle, None, person.verified_at is not None, photo)


def _for_whom(aid: Help, viewer: Viewer | None) -> str:
    if viewer is None or aid.person_id == viewer.id:
        return ""
    if hat_of(viewer) and aid.organisation is not None and aid.can_be_edited_by(viewer):
        return str(aid.organisation.name)
    if viewer.behalf is not None and viewer.behalf.id == aid.person_id:
        return viewer.behalf.name
    return ""


def _in_order(aid: Help) -> list[RoleLeft]:
    roles = sorted(aid.roles, key=lambda role: (role.position, role.id))
    return [RoleLeft(role.name, role.people, 0) for role in roles]


def _paragraphs(body: str) -> list[list[str]]:
    blocks = (block.strip().splitlines() for block in body.split("\n\n"))
    return [lines for lines in blocks if lines]
