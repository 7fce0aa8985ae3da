"""People without an e-mail address: full members, whom the desk has met, writes down and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http import NotFound, Refusal, Viewer
from echange.http.dates import now
from echange.i18n import mark
from echange.members.account import leaving
from echange.members.models import Member, MemberSkill, Quartier, Skill, StaffAct, Verification
from echange.members.names import fold


class HasAnAddress(Refusal):
    code = "has_an_address"
    sentence = mark("Cette personne a une adresse e-mail : elle s’occupe elle-même de son compte.")


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk writes down of somebody; only the desk ever sees the `phone`."""

    name: str
    quartier: Quartier | None
    phone: str = ""
    offers: Sequence[str] = ()
    wants: Sequence[str] = ()


async def settle(card: Card, *, by: Viewer, minor_until: date | None = None) -> Member:
    """A full member without an address, met by the desk, so verified. The same card sent twice is one."""
    async with in_transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtext('settle ' || $1))", fold(card.name))
        if known := await _just_settled(card):
            return known
        member = await Member.settle(
            name=card.name, email="", password_hash=None, locale="fr", minor_until=minor_until
        )
        member.confirmed_at = now()
        member.kept_by_desk = True
        member.phone = card.phone
        member.quartier_id = card.quartier.id if card.quartier else None
        await member.save(update_fields=["confirmed_at", "kept_by_desk", "phone", "quartier_id"])
        await _tell_skills(member, card)
        await StaffAct.note("member_settled", "member", member.id, by=by.id)
        # Verification.give would tell them what they have just lived.
        await Verification.create(member_id=member.id, by_id=by.id)
        return member


async def _just_settled(card: Card) -> Member | None:
    known = await fetch_value(
        """SELECT id FROM member WHERE kept_by_desk AND left_at IS NULL AND sort_key = $1 AND phone = $2
           AND quartier_id IS NOT DISTINCT FROM $3 AND created_at > now() - interval '1 minute'""",
        fold(card.name)[:80],
        card.phone,
        card.quartier.id if card.quartier else None,
    )
    return await Member.get(id=known) if known else None


async def kept(member_id: int) -> Member:
    """Somebody whom the desk keeps; raises NotFound, HasAnAddress."""
    member = await Member.get_or_none(id=member_id, left_at=None)
    if member is None:
        raise NotFound
    if not member.kept_by_desk:
        raise HasAnAddress
    return member


async def describe(member_id: int, card: Card, *, by: Viewer) -> None:
    """Write the card anew; another name costs no sign, the desk knows whom it has met. As `kept` raises."""
    async with in_transaction():
        await Member.filter(id=member_id).select_for_update(no_key=True).get_or_none()
        member = await kept(member_id)
        member.name = card.name
        member.sort_key = fold(card.name)[:80]
        member.phone = card.phone
        member.quartier_id = card.quartier.id if card.quartier else None
        await member.save(update_fields=["name", "sort_key", "phone", "quartier_id"])
        await _tell_skills(member, card)
        await StaffAct.note("card_written", "member", member.id, by=by.id)


async def _tell_skills(member: Member, card: Card) -> None:
    for wanted, names in ((False, card.offers), (True, card.wants)):
        skills = [await Skill.named(name, by=member) for name in names]
        others = MemberSkill.filter(member_id=member.id, wanted=wanted).exclude(skill_id__in=skills or [0])
        await others.delete()
        for name in names:
            await MemberSkill.add(member, name, wanted=wanted)


async def see_off(member_id: int, *, by: Viewer, home: str) -> None:
    """Somebody asks the desk to go: as for anybody, in fourteen days. As `kept` and `leave` raise."""
    async with in_transaction():
        member = await kept(member_id)
        if member.leaving_at is None:
            await leaving.leave(member, home=home)
            await StaffAct.note("leaving_asked", "member", member.id, by=by.id)


async def keep_after_all(member_id: int, *, by: Viewer) -> None:
    """They stay; their mandates do not come back."""
    async with in_transaction():
        member = await kept(member_id)
        if member.leaving_at is not None:
            await leaving.stay(member.id)
            await StaffAct.note("leaving_undone", "member", member.id, by=by.id)


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody whom the desk keeps, with how much there is to tell them."""

    id: int
    name: str
    phone: str
    waiting: int

    @property
    def url(self) -> str:
        return f"/administration/membres/{self.id}#a-dire"


async def people_to_call() -> list[ToCall]:
    """Those whom the desk has something to tell, who has waited longest first."""
    rows = await fetch(
        """SELECT m.id, m.name, m.phone, count(*) AS waiting
           FROM member m JOIN notice n ON n.member_id = m.id AND n.read_at IS NULL
           WHERE m.kept_by_desk AND m.left_at IS NULL GROUP BY m.id ORDER BY min(n.at), m.id"""
    )
    return [ToCall(**row) for row in rows]
