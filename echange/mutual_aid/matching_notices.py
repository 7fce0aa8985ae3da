"""What is told of helps and skills that fit."""

from collections.abc import Mapping
from typing import Any, Final

from echange.i18n import gettext as _
from echange.i18n import mark, ngettext
from echange.mutual_aid.matching_reasons import all_of, in_a_sentence
from echange.notifications import Kind


def _fits(data: Mapping[str, Any]) -> str:
    asks = data.get("aid") == "ask"
    sentence = (
        _("{name} cherche un coup de main, « {title} »")
        if asks
        else _("{name} propose son aide, « {title} »")
    ).format(name=data.get("name", ""), title=data.get("title", ""))
    why = _why(data.get("reasons", {}), asks=asks)
    return _("{sentence} : {why}").format(sentence=sentence, why=why) if why else sentence


def _why(reasons: Mapping[str, Any], *, asks: bool) -> str:
    told = []
    if reasons.get("skills"):
        skills = all_of([in_a_sentence(str(name)) for name in reasons["skills"]])
        told.append(
            _("vous vous y connaissez en {skills}").format(skills=skills)
            if asks
            else _("vous cherchez quelqu’un en {skills}").format(skills=skills)
        )
    if reasons.get("quartier"):
        told.append(_("c’est dans votre quartier"))
    if reasons.get("moment"):
        told.append(_("vous êtes libre à ce moment-là"))
    return ", ".join(told)


def _spread(data: Mapping[str, Any]) -> str:
    count = int(data.get("count", 0))
    return ngettext(
        "{n} voisin est prévenu pour « {title} »", "{n} voisins sont prévenus pour « {title} »", count
    ).format(n=count, title=data.get("title", ""))


def _widened(data: Mapping[str, Any]) -> str:
    count = int(data.get("count", 0))
    return ngettext(
        "Toujours pas de réponse pour « {title} » : {n} voisin de plus est prévenu",
        "Toujours pas de réponse pour « {title} » : {n} voisins de plus sont prévenus",
        count,
    ).format(n=count, title=data.get("title", ""))


def _unanswered(data: Mapping[str, Any]) -> str:
    count = int(data.get("count", 0))
    return ngettext(
        "{n} demande de coup de main attend toujours quelqu’un",
        "{n} demandes de coup de main attendent toujours quelqu’un",
        count,
    ).format(n=count)


def _suggested(data: Mapping[str, Any]) -> str:
    sentence = _("La conciergerie pense à vous pour « {title} », que demande {name}").format(
        title=data.get("title", ""), name=data.get("name", "")
    )
    words = str(data.get("words", ""))
    return _("{sentence} : {words}").format(sentence=sentence, words=words) if words else sentence


def _closed(data: Mapping[str, Any]) -> str:
    return _("La conciergerie a fermé votre demande « {title} » : {reason}").format(
        title=data.get("title", ""), reason=data.get("reason", "")
    )


def _found(data: Mapping[str, Any]) -> str:
    skill = in_a_sentence(str(data.get("skill", "")))
    if data.get("quartier"):
        return _("{name} s’y connaît en {skill} et habite votre quartier").format(
            name=data.get("name", ""), skill=skill
        )
    return _("{name} s’y connaît en {skill}, que vous cherchez").format(
        name=data.get("name", ""), skill=skill
    )


kinds: Final = (
    Kind("help_fits", _fits, label=mark("Un coup de main qui me va"), mail=True),
    Kind("help_spread", _spread, label=mark("Des voisins sont prévenus de ma demande")),
    Kind("help_widened", _widened, label=mark("Plus de voisins sont prévenus de ma demande")),
    Kind("helps_unanswered", _unanswered, label=mark("Des demandes sans réponse, pour l’équipe"), mail=True),
    Kind(
        "help_suggested",
        _suggested,
        label=mark("La conciergerie pense à moi pour un coup de main"),
        mail=True,
    ),
    Kind("help_closed", _closed, label=mark("La conciergerie a fermé une de mes demandes"), mail=True),
    Kind("skill_found", _found, label=mark("Quelqu’un sait faire ce que je cherche"), mail=True),
)
