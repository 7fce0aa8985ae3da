"""What this room tells members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from echange.http.dates import day
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.mutual_aid import group_notices, matching_notices, rota_notices
from echange.notifications import Kind


def _expiring(data: Mapping[str, Any]) -> str:
    return _("« {title} » s’arrête {day} : un clic suffit pour prolonger").format(
        title=data.get("title", ""), day=day(datetime.fromisoformat(str(data["until"])))
    )


def _expired(data: Mapping[str, Any]) -> str:
    if data.get("help") == "offer":
        return _("Votre offre « {title} » a pris fin : prolongez-la si elle vaut encore").format(
            title=data.get("title", "")
        )
    return _(
        "Personne n’est venu à temps pour « {title} » : prolongez votre demande, "
        "ou parlez-en à la conciergerie"
    ).format(title=data.get("title", ""))


def _standing(data: Mapping[str, Any]) -> str:
    return _("Votre offre « {title} » est-elle toujours valable ? Un clic suffit pour le dire").format(
        title=data.get("title", "")
    )


kinds: Final = (
    Kind("help_expiring", _expiring, label=mark("Un de mes coups de main s’arrête bientôt"), mail=True),
    Kind("help_expired", _expired, label=mark("Un de mes coups de main a pris fin"), mail=True),
    Kind("help_standing", _standing, label=mark("Une aide permanente vaut-elle encore ?"), mail=True),
    *matching_notices.kinds,
    *rota_notices.kinds,
    *group_notices.kinds,
)
