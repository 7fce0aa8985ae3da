"""Accounts, profiles, skills and associations: the people of the town.

Somebody joins, says what they offer and look for, is found in the directory, and signs in with a
password; programs act for them with personal tokens.
"""

from echange.members.account.roles import team
from echange.members.account.without_mail import people_to_call
from echange.members.behalf import OutOfScope, note_act, person_of
from echange.members.by_command import grant_role, issue_token, revoke_role
from echange.members.faces import Author, Face
from echange.members.forms import Email
from echange.members.forms_desk import Phone
from echange.members.furnish import furnish
from echange.members.keys import fresh_key, hash_key
from echange.members.mandates.naming import ActSubject
from echange.members.meeting import (
    Unreachable,
    blocked_between,
    check_reach,
    is_newcomer,
    may_reach,
    met_by,
)
from echange.members.models import (
    Block,
    Mandate,
    Member,
    Membership,
    Organisation,
    Quartier,
    Skill,
    StaffAct,
)
from echange.members.names import first_name, fold, numbered, slug, sounds_like_staff
from echange.members.organisations.forms import Name as OrganisationName
from echange.members.organisations.queries import organisations_of, waiting_for_the_desk
from echange.members.parts import OrganisationPart, ProfilePart, Told
from echange.members.quartiers import quartiers_note
from echange.members.queries import QuartierChoices, quartier_choices
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
    "Email",
    "Eyes",
    "Face",
    "Mandate",
    "Member",
    "Membership",
    "Organisation",
    "OrganisationName",
    "OrganisationPart",
    "OutOfScope",
    "Phone",
    "Profile",
    "ProfilePart",
    "Quartier",
    "QuartierChoices",
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
    "fresh_key",
    "furnish",
    "grant_role",
    "handlers",
    "hash_key",
    "is_met",
    "is_newcomer",
    "issue_token",
    "load_viewer",
    "may_reach",
    "met_by",
    "note_act",
    "numbered",
    "organisations_of",
    "people_to_call",
    "person_of",
    "profile_for",
    "quartier_choices",
    "quartiers_note",
    "revoke_role",
    "schedules",
    "seen_by",
    "shown_fields",
    "skill_names",
    "slug",
    "sounds_like_staff",
    "speakers_of",
    "team",
    "trust_of",
    "waiting_for_the_desk",
]
