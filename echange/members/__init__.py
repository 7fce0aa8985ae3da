"""Accounts, profiles, skills and associations: the people of the town.

Somebody joins, says what they offer and look for, is found in the directory, and signs in with a
password; programs act for them with personal tokens.
"""

from echange.members.account.roles import team
from echange.members.account.without_mail import people_to_call
from echange.members.behalf import OutOfScope, note_act, person_of
from echange.members.by_command import grant_role, issue_token, revoke_role
from echange.members.faces import Author, Face
from echange.members.furnish import furnish
from echange.members.mandates.naming import ActSubject
from echange.members.meeting import (
    Unreachable,
    blocked_between,
    check_reach,
    is_newcomer,
    may_reach,
    met_by,
)
from echange.members.models import Block, Mandate, Member, Organisation, Quartier, Skill, StaffAct
from echange.members.names import first_name, fold
from echange.members.organisations.queries import organisations_of, waiting_for_the_desk
from echange.members.parts import ProfilePart, Told
from echange.members.quartiers import quartiers_note
from echange.members.reportable import speakers_of
from echange.members.reported import Reportable, Reported
from echange.members.schedule import handlers, schedules
from echange.members.showing import (
    Eyes,
    Profile,
    face_photo,
    fields_at,
    is_met,
    profile_for,
    seen_by,
    shown_fields,
)
from echange.members.taxonomy import field_name, skill_names
from echange.members.trust import Trust, trust_of
from echange.members.viewing import current_member, ended_among, load_viewer

__all__ = [
    "ActSubject",
    "Author",
    "Block",
    "Eyes",
    "Face",
    "Mandate",
    "Member",
    "Organisation",
    "OutOfScope",
    "Profile",
    "ProfilePart",
    "Quartier",
    "Reportable",
    "Reported",
    "Skill",
    "StaffAct",
    "Told",
    "Trust",
    "Unreachable",
    "blocked_between",
    "check_reach",
    "current_member",
    "ended_among",
    "face_photo",
    "field_name",
    "fields_at",
    "first_name",
    "fold",
    "furnish",
    "grant_role",
    "handlers",
    "is_met",
    "is_newcomer",
    "issue_token",
    "load_viewer",
    "may_reach",
    "met_by",
    "note_act",
    "organisations_of",
    "people_to_call",
    "person_of",
    "profile_for",
    "quartiers_note",
    "revoke_role",
    "schedules",
    "seen_by",
    "shown_fields",
    "skill_names",
    "speakers_of",
    "team",
    "trust_of",
    "waiting_for_the_desk",
]
