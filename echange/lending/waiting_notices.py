"""What those who wait are told."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.notices import when
from echange.notifications import Kind


def _offered(data: Mapping[str, Any]) -> str:
    return _("« {title} » est libre pour vous, {start} : gardé jusqu’à {until}").format(
        title=data.get("title", ""), start=when(data.get("start")), until=when(data.get("until"))
    )


def _lapsed(data: Mapping[str, Any]) -> str:
    return _("« {title} » n’est plus gardé pour vous : c’est au tour du suivant").format(
        title=data.get("title", "")
    )


kinds: Final = (
    Kind("loan_offered", _offered, label=mark("Ce que j’attends est libre"), mail=True),
    Kind("loan_offer_lapsed", _lapsed, label=mark("Ce qui n’est plus gardé pour moi"), mail=False),
)
