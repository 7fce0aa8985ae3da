"""What this room tells members. Reasons go by a letter of their own, which nobody can switch off."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.moderation.wording import decided, named
from echange.notifications import Kind


def _decided(data: Mapping[str, Any]) -> str:
    return decided(data.get("thing", ""), data.get("act", ""), data.get("title", ""))


def _report_decided(data: Mapping[str, Any]) -> str:
    thing = named(data.get("thing", ""), data.get("title", ""))
    return _("Votre signalement a été lu : {thing}").format(thing=thing)


kinds: Final = (
    Kind("decision", _decided, label=mark("Une décision de modération qui me concerne")),
    Kind("report_decided", _report_decided, label=mark("La suite d’un de mes signalements")),
)
