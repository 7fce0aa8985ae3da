"""The nouns of this room."""

from echange.members.models.invitation import Invitation
from echange.members.models.keys import PersonalToken, Session, TooManyTokens
from echange.members.models.mail_key import (
    CHANGE,
    CONFIRM,
    RECOVER,
    RESET,
    REVERT,
    SIGN_IN,
    STAY,
    LinkGone,
    MailKey,
)
from echange.members.models.mandate import Mandate
from echange.members.models.mandate_act import MandateAct
from echange.members.models.member import AddressTaken, Member, WrongPassword
from echange.members.models.membership import Membership
from echange.members.models.organisation import Organisation
from echange.members.models.portrait import MemberPhoto
from echange.members.models.quartier import Quartier
from echange.members.models.skill import MemberSkill, Skill, TooManySkills
from echange.members.models.staff_role import ROLES, StaffRole
from echange.members.models.trust import Block, Cooptation, StaffAct, Verification

__all__ = [
    "CHANGE",
    "CONFIRM",
    "RECOVER",
    "RESET",
    "REVERT",
    "ROLES",
    "SIGN_IN",
    "STAY",
    "AddressTaken",
    "Block",
    "Cooptation",
    "Invitation",
    "LinkGone",
    "MailKey",
    "Mandate",
    "MandateAct",
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
