"""What this room tells members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from echange.ads import promise_notices
from echange.http.dates import day
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind


def _answered(data: Mapping[str, Any]) -> str:
    return _("{name} a répondu à votre annonce « {title} »").format(
        name=data.get("name", ""), title=data.get("title", "")
    )


def _released(data: Mapping[str, Any]) -> str:
    return _("Votre annonce « {title} » est en ligne").format(title=data.get("title", ""))


def _expiring(data: Mapping[str, Any]) -> str:
    return _("Votre annonce « {title} » s’arrête {day} : un clic la prolonge de 60 jours").format(
        title=data.get("title", ""), day=day(datetime.fromisoformat(str(data["until"])))
    )


def _standing(data: Mapping[str, Any]) -> str:
    return _("Votre offre « {title} » est-elle toujours valable ? Un clic suffit pour le dire").format(
        title=data.get("title", "")
    )


def _all_expired(data: Mapping[str, Any]) -> str:
    return _(
        "Toutes vos annonces ont expiré, plus personne ne les voit : prolongez celles qui servent encore"
    )


kinds: Final = (
    Kind("answer", _answered, label=mark("Une réponse à une de mes annonces"), mail=True),
    Kind("ad_released", _released, label=mark("Une de mes annonces relues est en ligne"), mail=True),
    Kind("ad_expiring", _expiring, label=mark("Une de mes annonces s’arrête bientôt"), mail=True),
    Kind("ad_standing", _standing, label=mark("Une offre permanente vaut-elle encore ?"), mail=True),
    Kind("ads_expired", _all_expired, label=mark("Toutes mes annonces ont expiré"), mail=True),
    *promise_notices.kinds,
)
