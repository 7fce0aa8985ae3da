"""The mails of this room: a receipt, an outcome, a decision with its reasons."""

from echange import mail
from echange.i18n import gettext as _
from echange.i18n import speaking
from echange.moderation.links import Links
from echange.moderation.wording import consequence, decided, named, outcome


async def send_receipt(to: str, locale: str, *, report_id: int, kind: str, title: str, links: Links) -> None:
    """We have a report and its author can follow it (DSA, art. 16 (4))."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre signalement nº {number}").format(number=report_id),
                paragraphs=(
                    _("Bonjour,"),
                    _("Nous avons bien reçu votre signalement : {thing}.").format(thing=named(kind, title)),
                    _("Une personne de l’équipe le lit et décide. Nous vous dirons ce qui a été fait."),
                ),
                action=(_("Suivre mon signalement"), links.home + links.receipt(report_id)),
                reason=_("Vous recevez ce message parce que cette adresse a servi à signaler quelque chose."),
                locale=locale,
            )
        )


async def tell_outcome(
    to: str, locale: str, *, report_id: int, kind: str, title: str, act: str, reason: str, links: Links
) -> None:
    """What was decided about what they reported (DSA, art. 16 (5))."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre signalement nº {number} a été lu").format(number=report_id),
                paragraphs=(
                    _("Bonjour,"),
                    _("Vous aviez signalé {thing}.").format(thing=named(kind, title)),
                    outcome(act),
                    *((reason,) if act == "dismiss" else ()),
                    _("Une personne a pris cette décision. Pas d’accord ? Dites-le à la conciergerie."),
                ),
                action=(_("Revoir mon signalement"), links.home + links.receipt(report_id)),
                reason=_("Vous recevez ce message parce que cette adresse a servi à signaler quelque chose."),
                locale=locale,
            )
        )


async def state_reasons(
    to: str, locale: str, *, decision_id: int, kind: str, title: str, act: str, reason: str, links: Links
) -> None:
    """What was decided, why, and how to answer (DSA, art. 17): no setting silences this one."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=decided(kind, act, title),
                paragraphs=(
                    _("Bonjour,"),
                    _("{sentence}. {consequence}").format(
                        sentence=decided(kind, act, title), consequence=consequence(kind, act)
                    ),
                    _("La raison : {reason}").format(reason=reason),
                    _("Une personne a pris cette décision. Sa page dit tout, et comment répondre."),
                ),
                action=(_("Lire la décision et répondre"), f"{links.home}/decisions/{decision_id}"),
                reason=_("Vous recevez ce message parce que cette décision vous concerne."),
                locale=locale,
            )
        )
