"""What to mind: work that can hurt, and one's own trade done again and again."""

import re
from typing import Final

from echange.database import fetch
from echange.i18n import gettext as _
from echange.members import fold

# Folded, as whole words; what merely lies near (« échelle de Richter ») is not worth a rule of its own.
_RISKY: Final = re.compile(
    r"\b(?:echelles?|escabeaux?|echafaudages?|toit|toits|toiture|toitures|gouttieres?|cheminees?|ramonage|"
    r"electricite|electriques?|tableau electrique|disjoncteurs?|prises? de courant|gaz|chaudieres?|"
    r"tronconneuses?|elagage|elaguer|abattage|abattre un arbre|disqueuses?|meuleuses?|"
    r"scie (?:circulaire|sauteuse)|debroussailleuses?|amiante|soudure|souder|poste a souder|pesticides?|"
    r"demolir|mur porteur)\b"
)
# Carried, lent, driven: not work on it.
_HARMLESS: Final = re.compile(
    r"\b(?:velos?|trottinettes?|voitures?|pianos?|guitares?|scooters?|brosses?|couvertures?) electriques?\b"
)
OFTEN: Final = 5
MASTERY: Final = 3


def is_risky(*texts: str) -> bool:
    """Whether somebody could get hurt doing this: heights, electricity, gas, machines that cut."""
    words = _HARMLESS.sub(" ", fold(" ".join(texts)))
    return _RISKY.search(words) is not None


def risk_note() -> str:
    """The reminder beside such work."""
    return _(
        "Ce travail peut blesser. Vérifiez chacun que votre assurance (responsabilité civile) couvre "
        "l’entraide, et préférez un professionnel pour l’électricité, le gaz et les hauteurs."
    )


async def trades_of(member_id: int) -> list[str]:
    """Names of the skills which they say are their trade, and which they gave for hours five times or more
    within twelve months.
    """
    rows = await fetch(
        """SELECT s.name FROM exchange e
           JOIN member_skill m ON m.member_id = e.giver_id AND m.skill_id = e.skill_id
                AND NOT m.wanted AND m.level = $2
           JOIN skill s ON s.id = e.skill_id
           WHERE e.giver_id = $1 AND e.giver_organisation_id IS NULL AND e.state = 'settled'
                 AND e.settled_minutes > 0 AND e.settled_at > now() - interval '12 months'
           GROUP BY s.id, s.name HAVING count(*) >= $3 ORDER BY count(*) DESC, s.name""",
        member_id,
        MASTERY,
        OFTEN,
    )
    return [row["name"] for row in rows]


async def trade_note(member_id: int) -> str:
    """The plain note on occasional help for who does their own trade again and again, else ""."""
    names = await trades_of(member_id)
    if not names:
        return ""
    return _(
        "L’entraide est occasionnelle. Vous rendez souvent le même service, et c’est votre métier "
        "({skills}) : fait régulièrement, même contre des heures, cela peut être regardé comme du travail "
        "dissimulé (article L8221-1 du code du travail). Espacez, ou proposez-le comme professionnel."
    ).format(skills=", ".join(names))
