"""What of somebody is shown to whom: one rule for pages, programs, lists, searches and photos.

Each field of a profile is for everyone, for signed-in neighbours, or for nobody; what is not shown looks
as if it had never been written.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from echange.http import NotFound, Viewer
from echange.i18n import mark
from echange.members.faces import Face, photo_url
from echange.members.models import Member, MemberPhoto
from echange.members.names import first_name
from echange.members.queries import SkillLine, skills_of

# Key and name, in the order of the profile.
FIELDS: Final = (
    ("photo", mark("Votre photo")),
    ("headline", mark("Votre ligne de présentation")),
    ("about", mark("Vos quelques mots")),
    ("offers", mark("Ce que vous proposez")),
    ("wants", mark("Ce que vous cherchez")),
    ("quartier", mark("Votre quartier")),
    ("availability", mark("Vos moments libres")),
    ("languages", mark("Vos langues")),
    ("accessibility", mark("Ce qui vous aide")),
    ("hours", mark("Vos heures données et reçues")),
)
_DECIDING: Final = frozenset({"concierge", "moderator", "admin"})
FIELD_KEYS: Final = tuple(key for key, _name in FIELDS)


class Eyes(IntEnum):
    """From how near somebody is looked at. The desk sees all, oneself too."""

    STRANGER = 0
    NEIGHBOUR = 1
    NEAREST = 2


def eyes_of(viewer: Viewer | None, member_id: int | None = None) -> Eyes:
    """How near a viewer comes to a member. In lists (no member named) nobody comes nearer than a neighbour:
    what is found there may be told to others.
    """
    if viewer is None:
        return Eyes.STRANGER
    if member_id is not None and (viewer.id == member_id or viewer.roles & {"concierge", "admin"}):
        return Eyes.NEAREST
    # Anybody can open an account; a neighbour has proved an address.
    return Eyes.NEIGHBOUR if viewer.confirmed else Eyes.STRANGER


def audience_of(member: Member, field: str) -> Eyes:
    """The least eyes that see this field."""
    if field in member.private_fields:
        return Eyes.NEAREST
    return Eyes.NEIGHBOUR if field in member.members_only else Eyes.STRANGER


def seen_by(eyes: str, field: str, member: str = "m") -> str:
    """The same rule in SQL: whether `eyes` (an integer expression) see a field of the row `member`."""
    return (
        f"({eyes} >= CASE WHEN '{field}' = ANY({member}.private_fields) THEN 2"
        f" WHEN '{field}' = ANY({member}.members_only) THEN 1 ELSE 0 END)"
    )


def is_met(unseen: str) -> str:
    """In SQL: whether member `m` is to be met at all by somebody who must not meet `unseen` (an int[])."""
    return f"(m.confirmed_at IS NOT NULL AND NOT m.away AND m.id <> ALL({unseen}))"


def shown_fields(member: Member, viewer: Viewer | None) -> frozenset[str]:
    """The fields of a member that a viewer may see, for other rooms that show some of them."""
    return fields_at(member, eyes_of(viewer, member.id))


def fields_at(member: Member, eyes: Eyes) -> frozenset[str]:
    """The fields of a member that are seen from this near."""
    return frozenset(key for key in FIELD_KEYS if eyes >= audience_of(member, key))


@dataclass(frozen=True, slots=True)
class Profile(Face):
    """A member as somebody sees them. `private`: fields that hardly anybody but this viewer sees.

    `availability` has a bit for each slot (see week.py); `photo` is an address, or "". Whom the desk keeps is
    called through it, not written to. `hours`: the audience of hours given and received, None when they are
    not shown.
    """

    id: int
    handle: str
    name: str
    headline: str
    about: str
    quartier: str
    languages: str
    availability: int
    accessibility: str
    photo: str
    offers: list[SkillLine]
    wants: list[SkillLine]
    created_at: datetime
    verified: bool
    away: bool
    private: frozenset[str]
    hours: Eyes | None
    kept_by_desk: bool = False
    kind: None = None

    @property
    def first_name(self) -> str:
        return first_name(self.name)


async def profile_for(viewer: Viewer | None, who: int | str) -> Profile:
    """The member of this id or handle as the viewer sees them; raises NotFound when they do not."""
    member = await member_met(viewer, who)
    return await profile_seen(member, eyes_of(viewer, member.id))


async def member_met(viewer: Viewer | None, who: int | str) -> Member:
    """The member, if the viewer may meet them; raises NotFound for those away, blocked, or gone alike."""
    named = Member.filter(handle=who) if isinstance(who, str) else Member.filter(id=who)
    member = await named.select_related("quartier").first()
    if member is None or member.left_at or not _may_meet(viewer, member):
        raise NotFound
    return member


def _may_meet(viewer: Viewer | None, member: Member) -> bool:
    if viewer is None:
        return not member.away
    if viewer.id == member.id:
        return True
    # The staff still decides about people who are away, but a block holds for everybody.
    return member.id not in viewer.unseen and (not member.away or bool(viewer.roles & _DECIDING))


async def profile_seen(member: Member, eyes: Eyes) -> Profile:
    """A member, loaded with their quartier, from this near."""
    shown = fields_at(member, eyes)
    lines = await skills_of(member.id)
    photo = await MemberPhoto.get_or_none(member_id=member.id) if "photo" in shown else None
    return Profile(
        id=member.id,
        handle=member.handle,
        name=member.name,
        headline=member.headline if "headline" in shown else "",
        about=member.about if "about" in shown else "",
        quartier=member.quartier.name if member.quartier and "quartier" in shown else "",
        languages=member.languages if "languages" in shown else "",
        availability=member.availability if "availability" in shown else 0,
        accessibility=member.accessibility if "accessibility" in shown else "",
        photo=photo_url(member.handle, photo.id) if photo else "",
        offers=[line for line in lines if not line.wanted] if "offers" in shown else [],
        wants=[line for line in lines if line.wanted] if "wants" in shown else [],
        created_at=member.created_at,
        verified=member.verified_at is not None,
        away=member.away,
        # Hours are nobody's until one shows them: their own line says so, and only where it stands.
        private=frozenset(key for key in shown - {"hours"} if audience_of(member, key) is Eyes.NEAREST),
        hours=audience_of(member, "hours") if "hours" in shown else None,
        kept_by_desk=member.kept_by_desk,
    )


async def face_photo(member: Member, viewer: Viewer | None) -> str:
    """The address of a member's photo, "" when there is none or the viewer may not see it."""
    if "photo" not in shown_fields(member, viewer) or (viewer and member.id in viewer.unseen):
        return ""
    photo = await MemberPhoto.get_or_none(member_id=member.id)
    return photo_url(member.handle, photo.id) if photo else ""


async def photo_for(viewer: Viewer | None, handle: str) -> MemberPhoto:
    """A member's photo, if the viewer may see it; raises NotFound."""
    member = await member_met(viewer, handle)
    photo = await MemberPhoto.get_or_none(member_id=member.id)
    if photo is None or eyes_of(viewer, member.id) < audience_of(member, "photo"):
        raise NotFound
    return photo
