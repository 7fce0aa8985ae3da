"""Mails about going away."""

from datetime import datetime
from urllib.parse import quote

from echange import mail
from echange.http.dates import long_day
from echange.i18n import gettext as _
from echange.i18n import speaking


async def tell_leaving(to: str, locale: str, *, home: str, name: str, key: str, until: datetime) -> None:
    """The account goes on `until`; one click keeps it."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre départ d’échange est prévu"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _(
                        "Votre compte sera effacé le {day}. D’ici là, plus personne ne voit votre profil "
                        "ni vos annonces, et personne ne peut vous écrire."
                    ).format(day=long_day(until)),
                    _("Vous avez changé d’avis ? Un clic, et tout revient comme avant."),
                ),
                action=(_("Rester sur échange"), f"{home}/depart/{quote(key)}"),
                reason=_("Vous recevez ce message parce que vous avez demandé à partir."),
                locale=locale,
            )
        )


async def tell_gone(to: str, locale: str, *, name: str) -> None:
    """The account is erased: the last mail to this address."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre compte est effacé"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _("Comme vous l’aviez demandé, votre compte échange est effacé. Merci d’être passé."),
                    _("Vous pourrez revenir quand vous voudrez, avec un nouveau compte."),
                ),
                reason=_("C’est le dernier message que vous recevez de nous."),
                locale=locale,
            )
        )
