"""Accounts, profiles, skills and associations: the people of the town.

Somebody joins, says what they offer and look for, is found in the directory, and signs in with a
password; programs act for them with personal tokens.
"""

from echange.members.faces import Face
from echange.members.furnish import furnish
from echange.members.models import Block, Member, Organisation, Quartier, StaffAct
from echange.members.names import fold
from echange.members.schedule import schedules
from echange.members.tokens import issue_token
from echange.members.viewing import current_member, load_viewer

__all__ = [
    "Block",
    "Face",
    "Member",
    "Organisation",
    "Quartier",
    "StaffAct",
    "current_member",
    "fold",
    "furnish",
    "issue_token",
    "load_viewer",
    "schedules",
]
