"""What borrowers and lenders are told at the desk: handed over, back, and what became of damage."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark
from echange.lending.incidents import DECISIONS, SORTS
from echange.lending.notices import when
from echange.notifications import Kind


def _told(sentence: str, here: str = "") -> Callable[[Mapping[str, Any]], str]:
    """`here` is said of what is used on the spot."""

    def say(data: Mapping[str, Any]) -> str:
        sort, decision = SORTS.get(data.get("sort", "")), DECISIONS.get(data.get("decision", ""))
        return _(here if here and data.get("here") else sentence).format(
            title=data.get("title", ""),
            name=data.get("name", ""),
            end=when(data.get("end")),
            code=data.get("code", ""),
            sort=_(sort).lower() if sort else "",
            decision=_(decision).lower() if decision else "",
        )

    return say


kinds: Final = (
    Kind(
        "loan_handed",
        _told(
            mark("« {title} » est chez vous : à rapporter {end}"),
            mark("« {title} » est à vous : à libérer {end}"),
        ),
        label=mark("Un prêt que j’emporte"),
    ),
    Kind(
        "loan_back",
        _told(mark("« {title} » est rendu, merci"), mark("C’est terminé pour « {title} », merci")),
        label=mark("Un prêt que je rends"),
    ),
    Kind(
        "loan_back_part",
        _told(mark("Une partie de « {title} » est rendue : le reste est attendu {end}")),
        label=mark("Un prêt que je rends en partie"),
    ),
    Kind(
        "incident_opened",
        _told(mark("« {title} », {code} est noté {sort} : lisez ce qui est dit, et répondez si vous voulez")),
        label=mark("Un objet noté abîmé, perdu ou incomplet"),
        mail=True,
    ),
    Kind(
        "incident_answered",
        _told(mark("{name} répond au sujet de « {title} »")),
        label=mark("Une réponse à un objet abîmé ou perdu"),
    ),
    Kind(
        "incident_decided",
        _told(mark("{name} a décidé au sujet de « {title} » : {decision}")),
        label=mark("La décision sur un objet abîmé ou perdu"),
        mail=True,
    ),
)
