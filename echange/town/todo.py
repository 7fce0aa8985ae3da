"""What waits for somebody who signs in: one line each, the most pressing first, each with its one way on."""

from collections.abc import Sequence
from typing import Final

from echange import ads, members, moderation
from echange.ads import Appointment, ToAccept, ToChoose, Waiting
from echange.chat import Talk
from echange.http import Viewer
from echange.http.dates import day, hour
from echange.i18n import gettext as _
from echange.i18n import ngettext
from echange.town.helping import exchange_lines, shift_lines, staff_lines
from echange.town.lending import loan_lines
from echange.town.lines import Line

CHOICES_SHOWN: Final = 3


async def todo_of(viewer: Viewer, talks: Sequence[Talk]) -> list[Line]:
    """All that waits for this member, and for the staff what waits at the desk."""
    waiting = await ads.mine_waiting(viewer.id)
    return [
        *([] if viewer.confirmed else [_address()]),
        *(_promise(one) for one in await ads.promises_to_accept(viewer.id)),
        *await exchange_lines(viewer),
        *await loan_lines(viewer),
        *(_meeting(one) for one in await ads.appointments(viewer.id) if one.step in _STEPS),
        *await shift_lines(viewer),
        *_choices(await ads.answers_waiting(viewer.id)),
        *_talks(viewer, talks),
        *_own_ads(waiting),
        *await _desk(viewer),
        *_notices(viewer),
    ]


def _address() -> Line:
    return Line(
        "mail", "clay", _("Confirmer mon adresse e-mail"),
        _("Le lien est dans votre boîte. Sans elle, pas de nouvelles par mail ni de mot de passe retrouvé."),
        _("Renvoyer le mail"), "/moi/confirmation", posts=True,
    )  # fmt: skip


def _promise(one: ToAccept) -> Line:
    return Line(
        "gift", "sun", _("« {title} » est pour vous").format(title=one.title),
        _("Dites oui avant {day}, {hour}. Ensuite, c’est le tour de la personne suivante.").format(
            day=day(one.until), hour=hour(one.until)
        ),
        _("Répondre"), one.url,
    )  # fmt: skip


# What somebody can do about an appointment; while one waits for the other there is nothing to do.
_STEPS = frozenset({"propose", "agree", "meet", "tell"})


def _meeting(one: Appointment) -> Line:
    when = ""
    if one.at is not None:
        when = _("{day} à {hour}, {where}").format(day=day(one.at), hour=hour(one.at), where=one.where)
    detail, act = {
        "propose": (_("Convenez d’un rendez-vous avec {name}.").format(name=one.other), _("Proposer")),
        "agree": (_("{name} propose : {when}").format(name=one.other, when=when), _("Répondre")),
        "meet": (_("Avec {name}, {when}").format(name=one.other, when=when), _("Voir")),
        "tell": (_("Comment cela s’est-il passé avec {name} ?").format(name=one.other), _("Le dire")),
    }[one.step]
    return Line("calendar-days", "green", one.title, detail, act, one.url)


def _choices(waiting: Sequence[ToChoose]) -> list[Line]:
    if len(waiting) <= CHOICES_SHOWN:
        return [_choice(one) for one in waiting]
    # A long list would hide what else waits.
    shown, others = waiting[: CHOICES_SHOWN - 1], waiting[CHOICES_SHOWN - 1 :]
    title = ngettext(
        "{n} autre annonce a des réponses", "{n} autres annonces ont des réponses", len(others)
    ).format(n=len(others))
    rest = Line("users", "green", title, "", _("Voir mes annonces"), "/moi/annonces")
    return [*(_choice(one) for one in shown), rest]


def _choice(one: ToChoose) -> Line:
    return Line(
        "users", "green", one.title,
        ngettext("{n} voisin a répondu.", "{n} voisins ont répondu : à qui le tour ?", one.answers).format(
            n=one.answers
        ),
        _("Choisir"), one.url,
    )  # fmt: skip


def _talks(viewer: Viewer, talks: Sequence[Talk]) -> list[Line]:
    if not talks:
        return []
    if len(talks) == 1:
        one = talks[0]
        title = _("Du nouveau dans {name}") if one.is_group else _("{name} vous écrit")
        title = title.format(name=one.title)
        said = one.last_said if len(one.last_said) <= 90 else one.last_said[:89] + "…"
        return [Line("message-circle", "blue", title, said, _("Lire"), one.url)]
    names = ", ".join(dict.fromkeys(one.title for one in talks))
    n = max(viewer.unread_messages, len(talks))
    title = ngettext("{n} message à lire", "{n} messages à lire", n).format(n=n)
    return [Line("message-circle", "blue", title, names, _("Lire les messages"), "/messages")]


def _own_ads(waiting: Waiting) -> list[Line]:
    lines = []
    if waiting.drafts:
        url = f"/publier/{waiting.latest_draft}/details" if waiting.drafts == 1 else "/moi/annonces"
        title = ngettext("{n} annonce à finir", "{n} annonces à finir", waiting.drafts).format(
            n=waiting.drafts
        )
        detail = _("Personne d’autre ne voit un brouillon.")
        lines.append(Line("pencil", "clay", title, detail, _("Reprendre"), url))
    if waiting.expired:
        title = ngettext("{n} annonce a expiré", "{n} annonces ont expiré", waiting.expired).format(
            n=waiting.expired
        )
        detail = _("Les voisins ne la voient plus. Un clic la prolonge de soixante jours.")
        if not waiting.open:
            detail = _(
                "Plus aucune de vos annonces n’est en ligne. Un clic en prolonge une de soixante jours."
            )
        lines.append(Line("hourglass", "clay", title, detail, _("Prolonger"), "/moi/annonces"))
    return lines


async def _desk(viewer: Viewer) -> list[Line]:
    lines = []
    if viewer.roles & {"moderator", "admin"} and (n := await moderation.waiting_count()):
        title = ngettext("{n} chose à relire", "{n} choses à relire", n).format(n=n)
        detail = _("Signalements et premières annonces.")
        lines.append(Line("shield", "clay", title, detail, _("Modérer"), "/moderation"))
    elif "concierge" in viewer.roles and (n := await moderation.held_count()):
        title = ngettext("{n} première annonce à relire", "{n} premières annonces à relire", n).format(n=n)
        detail = _("Sans vous, une annonce paraît d’elle-même au bout d’un jour.")
        lines.append(Line("file-text", "clay", title, detail, _("Relire"), "/moderation/annonces"))
    if viewer.roles & {"concierge", "admin"} and (n := await members.waiting_for_the_desk()):
        title = ngettext("{n} organisation à vérifier", "{n} organisations à vérifier", n).format(n=n)
        detail = _("Leur numéro attend d’être comparé au registre.")
        lines.append(Line("badge-check", "sand", title, detail, _("Voir"), "/associations?verifier=1"))
    return [*lines, *await staff_lines(viewer)] if viewer.roles else lines


def _notices(viewer: Viewer) -> list[Line]:
    n = viewer.unread_notices
    if not n:
        return []
    title = ngettext("{n} avis pas encore lu", "{n} avis pas encore lus", n).format(n=n)
    return [Line("bell", "sun", title, "", _("Voir les avis"), "/avis")]
