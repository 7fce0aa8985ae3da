"""What the two of an exchange are told."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from echange.http.durations import said
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind

Data = Mapping[str, Any]


def _told(sentence: str) -> Callable[[Data], str]:
    return lambda data: _(sentence).format(
        title=data.get("title", ""), name=data.get("name", ""), minutes=said(int(data.get("minutes", 0)))
    )


kinds: Final = (
    Kind(
        "exchange_proposed",
        _told(mark("{name} vous propose un échange : « {title} », {minutes}")),
        label=mark("Un échange proposé"),
        mail=True,
    ),
    Kind(
        "exchange_agreed",
        _told(mark("C’est convenu avec {name} : « {title} », {minutes}")),
        label=mark("Un échange convenu"),
        mail=True,
    ),
    Kind(
        "exchange_reminder",
        _told(mark("{name} attend votre réponse pour « {title} »")),
        label=mark("Un échange qui attend ma réponse"),
        mail=True,
    ),
    Kind(
        "exchange_accepted",
        _told(mark("{name} dit oui pour « {title} »")),
        label=mark("Un échange accepté"),
        mail=True,
    ),
    Kind(
        "exchange_declined",
        _told(mark("{name} ne peut pas pour « {title} »")),
        label=mark("Un échange refusé"),
        mail=True,
    ),
    Kind(
        "exchange_cancelled",
        _told(mark("{name} annule « {title} »")),
        label=mark("Un échange annulé"),
        mail=True,
    ),
    Kind(
        "exchange_gone",
        _told(mark("« {title} » est annulé : l’autre personne n’est plus là")),
        label=mark("Un échange annulé parce que l’autre personne n’est plus là"),
        mail=True,
    ),
    Kind(
        "exchange_expired",
        _told(mark("« {title} » s’arrête là, faute de nouvelles. Vous pouvez le proposer à nouveau")),
        label=mark("Un échange resté sans suite"),
    ),
    Kind(
        "exchange_how_long",
        _told(mark("« {title} » avec {name} : combien de temps cela a-t-il pris ?")),
        label=mark("Dire combien de temps un échange a pris"),
        mail=True,
    ),
    Kind(
        "exchange_declared",
        _told(mark("{name} a noté {minutes} pour « {title} » : confirmez, ou donnez votre chiffre")),
        label=mark("Un temps noté, à confirmer"),
        mail=True,
    ),
    Kind(
        "exchange_countered",
        _told(mark("{name} a plutôt compté {minutes} pour « {title} » : êtes-vous d’accord ?")),
        label=mark("Un autre chiffre que le mien"),
        mail=True,
    ),
    Kind(
        "exchange_to_confirm",
        _told(mark("« {title} », {minutes} : {name} attend que vous confirmiez")),
        label=mark("Un temps qui attend ma confirmation"),
        mail=True,
    ),
    Kind(
        "exchange_taken_back",
        _told(mark("{name} reprend son chiffre pour « {title} »")),
        label=mark("Un temps repris avant ma réponse"),
    ),
    Kind(
        "exchange_settled",
        _told(mark("{name} confirme {minutes} pour « {title} » : c’est compté")),
        label=mark("Un temps confirmé"),
        mail=True,
    ),
    Kind(
        "exchange_disputed",
        _told(mark("{name} demande à la modération de trancher pour « {title} »")),
        label=mark("Un désaccord sur un échange"),
        mail=True,
    ),
    Kind(
        "exchange_handed_over",
        _told(mark("« {title} » : sans réponse, la modération va trancher")),
        label=mark("Un échange confié à la modération"),
        mail=True,
    ),
    Kind(
        "exchange_arbitrated",
        _told(mark("La modération a tranché pour « {title} » : {minutes}")),
        label=mark("La décision de la modération sur un échange"),
        mail=True,
    ),
    Kind("thanks", _told(mark("{name} vous dit merci pour « {title} »")), label=mark("Un merci"), mail=True),
)
