"""The mails of organisations."""

from urllib.parse import quote

from echange import mail
from echange.i18n import gettext as _
from echange.i18n import speaking


async def ask_to_join(to: str, locale: str, *, home: str, host: str, organisation: str, key: str) -> None:
    """A link that leads to an invitation."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("{organisation} vous invite").format(organisation=organisation),
                paragraphs=(
                    _("Bonjour,"),
                    _(
                        "{host} vous invite à rejoindre « {organisation} » sur échange, le site où les "
                        "voisins se rendent service."
                    ).format(host=host, organisation=organisation),
                    _("Le lien sert une seule fois et reste bon quatorze jours."),
                ),
                action=(_("Voir l’invitation"), f"{home}/invitations/{quote(key)}"),
                reason=_("Vous ne connaissez pas cette personne ? Ne faites rien : rien ne se passera."),
                locale=locale,
            )
        )
