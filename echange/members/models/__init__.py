"""The nouns of this room."""

from echange.members.models.keys import MailKey, PersonalToken, Session
from echange.members.models.member import Member, StaffRole
from echange.members.models.organisation import Membership, Organisation
from echange.members.models.quartier import Quartier
from echange.members.models.skill import MemberSkill, Skill

__all__ = [
    "MailKey",
    "Member",
    "MemberSkill",
    "Membership",
    "Organisation",
    "PersonalToken",
    "Quartier",
    "Session",
    "Skill",
    "StaffRole",
]
