"""The nouns of this room."""

from echange.mutual_aid.models.group import Helper, HelperGroup
from echange.mutual_aid.models.help import Help
from echange.mutual_aid.models.help_parts import HelpEvent, HelpMatch, HelpRole, HelpSkill, HelpSlot
from echange.mutual_aid.models.matching import HelpTelling, SkillMatch
from echange.mutual_aid.models.rota import RotaSlot
from echange.mutual_aid.models.shift import Shift
from echange.mutual_aid.models.shift_row import ShiftOffer, ShiftSignup

__all__ = [
    "Help",
    "HelpEvent",
    "HelpMatch",
    "HelpRole",
    "HelpSkill",
    "HelpSlot",
    "HelpTelling",
    "Helper",
    "HelperGroup",
    "RotaSlot",
    "Shift",
    "ShiftOffer",
    "ShiftSignup",
    "SkillMatch",
]
