"""Accounts, profiles, skills and associations: the people of the town.

Somebody joins, says what they offer and look for, is found in the directory, and signs in with a
password; programs act for them with personal tokens.
"""

from echange.members.account.roles import team
from echange.members.by_command import grant_role, issue_token, revoke_role
from echange.members.faces import Face
from echange.members.furnish import furnish
from echange.members.meeting import (
    Unreachable,
    check_reach,
    is_newcomer,
    met_by,
)
from echange.members.models import Block, Member, Organisation, Quartier, StaffAct
from echange.members.names import fold
from echange.members.organisations.queries import waiting_for_the_desk
from echange.members.quartiers import quartiers_note
from echange.members.reportable import speakers_of
from echange.members.reported import Reportable, Reported
from echange.members.schedule import handlers, schedules
from echange.members.showing import face_photo, fields_at, is_met, seen_by, shown_fields
from echange.members.trust import Trust, trust_of
from echange.members.viewing import current_member, ended_among, load_viewer

__all__ = [
    "Block",
    "Face",
    "Member",
    "Organisation",
    "Quartier",
    "Reportable",
    "Reported",
    "StaffAct",
    "Trust",
    "Unreachable",
    "check_reach",
    "current_member",
    "ended_among",
    "face_photo",
    "fields_at",
    "fold",
    "furnish",
    "grant_role",
    "handlers",
    "is_met",
    "is_newcomer",
    "issue_token",
    "load_viewer",
    "met_by",
    "quartiers_note",
    "revoke_role",
    "schedules",
    "seen_by",
    "shown_fields",
    "speakers_of",
    "team",
    "trust_of",
    "waiting_for_the_desk",
]
