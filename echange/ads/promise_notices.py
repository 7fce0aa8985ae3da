"""What members are told of answers, promises and appointments."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import mark, ngettext
from echange.notifications import Kind

Data = Mapping[str, Any]


def _with_title(sentence: str) -> Callable[[Data], str]:
    return lambda data: _(sentence).format(title=data.get("title", ""))


def _with_name(sentence: str) -> Callable[[Data], str]:
    return lambda data: _(sentence).format(title=data.get("title", ""), name=data.get("name", ""))


def _with_time(sentence: str, key: str) -> Callable[[Data], str]:
    def told(data: Data) -> str:
        at = datetime.fromisoformat(str(data[key]))
        return _(sentence).format(
            title=data.get("title", ""), name=data.get("name", ""), day=day(at), hour=hour(at)
        )

    return told


def _answers(data: Data) -> str:
    n = int(data.get("n", 0))
    return ngettext(
        "{n} nouvelle réponse pour « {title} » ; la file s’en occupe",
        "{n} nouvelles réponses pour « {title} » ; la file s’en occupe",
        n,
    ).format(n=n, title=data.get("title", ""))


def _gone(data: Data) -> str:
    if data.get("given"):
        sentence = _(
            "« {title} » a trouvé preneur, merci d’avoir répondu. "
            "Vous cherchez toujours ? Demandez-le à toute la ville, en une minute"
        )
    else:
        sentence = _("L’annonce « {title} » est terminée, merci d’avoir répondu")
    return sentence.format(title=data.get("title", ""))


kinds: Final = (
    Kind("answers", _answers, label=mark("Les réponses d’une file équitable, une fois par jour"), mail=True),
    Kind(
        "withdrew",
        _with_name(mark("{name} retire sa réponse à « {title} »")),
        label=mark("Une réponse retirée"),
    ),
    Kind(
        "accepted",
        _with_name(mark("{name} dit oui pour « {title} » : convenez d’un rendez-vous")),
        label=mark("Quelqu’un dit oui à ce que je donne"),
        mail=True,
    ),
    Kind(
        "gave_up",
        _with_title(mark("« {title} » n’est plus réservé, la personne y renonce")),
        label=mark("La personne pour qui j’avais réservé renonce"),
        mail=True,
    ),
    Kind(
        "line_empty",
        _with_title(mark("Plus personne n’attend « {title} » : l’annonce reste ouverte")),
        label=mark("Plus personne n’attend ce que je donne"),
        mail=True,
    ),
    Kind(
        "how_it_went",
        _with_title(mark("Avez-vous remis « {title} » ? Un clic suffit pour le dire")),
        label=mark("Dire si j’ai remis ce que je donne"),
        mail=True,
    ),
    Kind(
        "promised",
        _with_time(mark("« {title} » est pour vous : dites oui avant {day} à {hour}"), "until"),
        label=mark("C’est mon tour dans une file équitable"),
        mail=True,
    ),
    Kind(
        "reserved",
        _with_title(mark("« {title} » est réservé pour vous : convenez d’un rendez-vous")),
        label=mark("Une annonce m’est réservée"),
        mail=True,
    ),
    Kind(
        "too_late",
        _with_title(mark("Sans réponse de votre part, « {title} » est proposé à la personne suivante")),
        label=mark("Mon tour est passé"),
    ),
    Kind(
        "released",
        _with_title(mark("« {title} » n’est plus réservé pour vous")),
        label=mark("Une annonce ne m’est plus réservée"),
        mail=True,
    ),
    Kind(
        "missed",
        _with_title(
            mark("Le rendez-vous pour « {title} » n’a pas eu lieu, il est proposé à quelqu’un d’autre")
        ),
        label=mark("Un rendez-vous qui n’a pas eu lieu"),
        mail=True,
    ),
    Kind(
        "free_again",
        _with_title(mark("« {title} » est de nouveau libre")),
        label=mark("Une annonce réservée est de nouveau libre"),
        mail=True,
    ),
    Kind("gone", _gone, label=mark("La fin d’une annonce à laquelle j’ai répondu"), mail=True),
    Kind(
        "meeting_proposed",
        _with_time(mark("{name} propose un rendez-vous pour « {title} », {day} à {hour}"), "meet"),
        label=mark("Un rendez-vous proposé"),
        mail=True,
    ),
    Kind(
        "meeting_agreed",
        _with_time(mark("{name} est d’accord pour « {title} », {day} à {hour}"), "meet"),
        label=mark("Un rendez-vous accepté"),
        mail=True,
    ),
    Kind(
        "meeting_soon",
        _with_time(mark("Rappel : rendez-vous pour « {title} » {day} à {hour}"), "meet"),
        label=mark("Un rendez-vous, la veille"),
        mail=True,
    ),
)
