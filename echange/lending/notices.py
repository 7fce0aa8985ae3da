"""What the two sides of a loan are told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import mark
from echange.notifications import Kind

Data = Mapping[str, Any]


def _told(sentence: str, richer: str = "", key: str = "reason", *, here: str = "") -> Callable[[Data], str]:
    """`richer` is said where the notice has something under `key`, `here` of what is used on the spot."""

    def say(data: Data) -> str:
        chosen = richer if richer and data.get(key) else sentence
        if here and data.get("here"):
            chosen = here
        return _(chosen).format(
            title=data.get("title", ""),
            name=data.get("name", ""),
            reason=data.get("reason", ""),
            start=when(data.get("start")),
            end=when(data.get("end")),
            new_start=when(data.get("new_start")),
            new_end=when(data.get("new_end")),
            others=_windows(data.get("others", [])),
        )

    return say


def when(moment: str | None) -> str:
    """« vendredi 11 décembre, 17 h 30 »."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    return _("{day}, {hour}").format(day=day(at), hour=hour(at))


def _windows(periods: list[list[str]]) -> str:
    """« vendredi 11 décembre, samedi 12 décembre ou lundi 14 décembre »."""
    days = list(dict.fromkeys(day(datetime.fromisoformat(start)) for start, _end in periods))
    if len(days) < 2:
        return "".join(days)
    return _("{days} ou {last}").format(days=", ".join(days[:-1]), last=days[-1])


kinds: Final = (
    Kind(
        "loan_requested",
        _told(mark("{name} voudrait emprunter « {title} », {start} : dites oui ou non")),
        label=mark("Une demande de prêt"),
        mail=True,
    ),
    Kind(
        "loan_booked",
        _told(mark("{name} emprunte « {title} », à partir de {start}")),
        label=mark("Un prêt réservé chez moi"),
        mail=True,
    ),
    Kind(
        "loan_asked",
        _told(mark("« {title} » est demandé pour vous, {start}")),
        label=mark("Un prêt demandé pour moi"),
        mail=True,
    ),
    Kind(
        "loan_agreed",
        _told(
            mark("C’est d’accord pour « {title} » : retrait {start}"),
            here=mark("C’est d’accord pour « {title} » : {start}"),
        ),
        label=mark("Un prêt accordé"),
        mail=True,
    ),
    Kind(
        "loan_refused",
        _told(
            mark("{name} ne peut pas vous prêter « {title} » cette fois-ci"),
            mark("{name} ne peut pas vous prêter « {title} » : {reason}"),
        ),
        label=mark("Un prêt refusé"),
        mail=True,
    ),
    Kind(
        "loan_cancelled",
        _told(
            mark("{name} n’a plus besoin de « {title} », prévu {start}"),
            mark("{name} n’a plus besoin de « {title} », prévu {start} : {reason}"),
        ),
        label=mark("Un prêt annulé par qui l’empruntait"),
        mail=True,
    ),
    Kind(
        "loan_called_off",
        _told(
            mark("{name} doit annuler le prêt de « {title} », prévu {start}"),
            mark("{name} doit annuler le prêt de « {title} », prévu {start} : {reason}"),
        ),
        label=mark("Un prêt annulé par qui le prêtait"),
        mail=True,
    ),
    Kind(
        "loan_ready",
        _told(
            mark("« {title} » vous attend : retrait {start}"),
            here=mark("« {title} » est prêt pour vous : {start}"),
        ),
        label=mark("Un prêt préparé"),
        mail=True,
    ),
    Kind(
        "loan_proposed",
        _told(mark("{name} vous propose d’autres dates pour « {title} » : {new_start}")),
        label=mark("D’autres dates proposées"),
        mail=True,
    ),
    Kind(
        "loan_changed",
        _told(
            mark("{name} a changé son prêt de « {title} » : retrait {start}, retour {end}"),
            here=mark("{name} a changé sa réservation de « {title} » : début {start}, fin {end}"),
        ),
        label=mark("Un prêt changé"),
        mail=True,
    ),
    Kind(
        "loan_renewed",
        _told(mark("« {title} » est prolongé jusqu’au {end}")),
        label=mark("Un prêt prolongé"),
        mail=True,
    ),
    Kind(
        "loan_at_risk",
        _told(
            mark("« {title} » ne sera sans doute pas là {start} : choisissez une autre date, ou annulez"),
            mark("« {title} » ne sera sans doute pas là {start}. Libre à la place : {others}"),
            "others",
        ),
        label=mark("Un prêt compromis"),
        mail=True,
    ),
    Kind(
        "loan_at_risk_lender",
        _told(mark("Il manque un exemplaire de « {title} » pour {name}, {start}")),
        label=mark("Un prêt compromis chez moi"),
    ),
    Kind(
        "loan_prepare_again",
        _told(mark("Un autre exemplaire de « {title} » est à préparer pour {name}, {start}")),
        label=mark("Un prêt à préparer à nouveau"),
    ),
    Kind(
        "loan_expired",
        _told(mark("La demande de « {title} » s’arrête là, faute de réponse")),
        label=mark("Une demande de prêt restée sans réponse"),
        mail=True,
    ),
    Kind(
        "loan_no_show",
        _told(
            mark("« {title} » n’a pas été retiré : d’autres peuvent maintenant l’emprunter"),
            here=mark("Personne n’est venu pour « {title} » : d’autres peuvent maintenant l’utiliser"),
        ),
        label=mark("Un prêt que je ne suis pas allé chercher"),
        mail=True,
    ),
    Kind(
        "loan_reinstated",
        _told(mark("C’était une erreur : « {title} » vous est de nouveau réservé, jusqu’au {end}")),
        label=mark("Un prêt rétabli"),
        mail=True,
    ),
    Kind(
        "loan_to_decide",
        _told(mark("{name} attend votre réponse pour « {title} », {start}")),
        label=mark("Une demande de prêt qui attend ma réponse"),
        mail=True,
    ),
    Kind(
        "loan_pickup_soon",
        _told(
            mark("À retirer bientôt : « {title} », {start}"),
            here=mark("C’est bientôt : « {title} », {start}"),
        ),
        label=mark("Le rappel la veille d’un retrait"),
        mail=True,
    ),
    Kind(
        "loan_return_soon",
        _told(
            mark("À rendre bientôt : « {title} », {end}"),
            here=mark("« {title} » est bientôt à libérer : {end}"),
        ),
        label=mark("Le rappel la veille d’un retour"),
        mail=True,
    ),
    Kind(
        "loan_late",
        _told(
            mark("« {title} » devait revenir {end}. Rapportez-le, prolongez, ou prévenez {name}"),
            here=mark("« {title} » devait être libre {end}. Terminez, prolongez, ou prévenez {name}"),
        ),
        label=mark("Un prêt en retard"),
        mail=True,
    ),
    Kind(
        "loan_late_lender",
        _told(
            mark("« {title} », chez {name}, devait revenir {end}"),
            here=mark("« {title} », avec {name}, devait être libre {end}"),
        ),
        label=mark("Un retour en retard chez moi"),
        mail=True,
    ),
    Kind(
        "loan_closed_then",
        _told(mark("Ce sera fermé pour votre prêt de « {title} », {start} : voyez les dates proposées")),
        label=mark("Un prêt à l’heure d’une fermeture"),
        mail=True,
    ),
    Kind(
        "loan_closed_then_lender",
        _told(mark("Ce sera fermé pour le prêt de « {title} » à {name}, {start} : proposez une autre heure")),
        label=mark("Un prêt chez moi à l’heure d’une fermeture"),
    ),
)
