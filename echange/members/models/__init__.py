"""The nouns of this room."""

from echange.members.models.keys import PersonalToken, Session, TooManyTokens
from echange.members.models.member import (
    CONFIRM,
    RESET,
    AddressTaken,
    LinkGone,
    MailKey,
    Member,
    StaffRole,
    WrongPassword,
)
from echange.members.models.organisation import Membership, Organisation
from echange.members.models.quartier import Quartier
from echange.members.models.skill import MemberSkill, Skill, TooManySkills

__all__ = [
    "CONFIRM",
    "RESET",
    "AddressTaken",
    "LinkGone",
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
    "TooManySkills",
    "TooManyTokens",
    "WrongPassword",
]
