"""What this room tells members."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind


def _answered(data: Mapping[str, Any]) -> str:
    return _("{name} a répondu à votre annonce « {title} »").format(
        name=data.get("name", ""), title=data.get("title", "")
    )


kinds: Final = (Kind("answer", _answered, label=mark("Une réponse à une de mes annonces"), mail=True),)
