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
from echange.members.models.organisation import Invitation, Membership, Organisation
from echange.members.models.portrait import MemberPhoto
from echange.members.models.quartier import Quartier
from echange.members.models.skill import MemberSkill, Skill, TooManySkills
from echange.members.models.trust import Block, Cooptation, StaffAct, Verification

__all__ = [
    "CONFIRM",
    "RESET",
    "AddressTaken",
    "Block",
    "Cooptation",
    "Invitation",
    "LinkGone",
    "MailKey",
    "Member",
    "MemberPhoto",
    "MemberSkill",
    "Membership",
    "Organisation",
    "PersonalToken",
    "Quartier",
    "Session",
    "Skill",
    "StaffAct",
    "StaffRole",
    "TooManySkills",
    "TooManyTokens",
    "Verification",
    "WrongPassword",
]
