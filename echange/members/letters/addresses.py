"""Mails about an address that changes: the new one proves itself, the old one can take it back."""

from urllib.parse import quote

from echange import mail
from echange.i18n import gettext as _
from echange.i18n import speaking


async def ask_change(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """To the new address: a link that makes it the account's."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Confirmez votre nouvelle adresse"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _("Vous voulez utiliser cette adresse sur échange. Un clic, et c’est fait."),
                    _("Le lien sert une seule fois et reste bon un jour."),
                ),
                action=(_("Utiliser cette adresse"), f"{home}/adresse/{quote(key)}"),
                reason=_("Ce n’est pas vous ? Ne faites rien : rien ne changera."),
                locale=locale,
            )
        )


async def tell_address_wanted(to: str, locale: str, *, home: str) -> None:
    """To its owner: somebody else wanted this address for their account."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre adresse a été demandée"),
                paragraphs=(
                    _("Bonjour,"),
                    _(
                        "Quelqu’un a voulu mettre votre adresse sur un autre compte d’échange. "
                        "Elle reste à vous : rien n’a changé."
                    ),
                    _("C’était vous ? Connectez-vous plutôt au compte qui l’utilise déjà."),
                ),
                action=(_("Se connecter"), f"{home}/connexion"),
                reason=_("Ce n’est pas vous ? Ne faites rien."),
                locale=locale,
            )
        )


async def tell_changed_here(to: str, locale: str, *, home: str, name: str) -> None:
    """To the new address: it is the account's now."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre adresse est changée"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _(
                        "Vous vous connectez maintenant à échange avec cette adresse. "
                        "L’ancienne est prévenue."
                    ),
                ),
                action=(_("Voir mon compte"), f"{home}/moi"),
                reason=_("Vous recevez ce message parce que l’adresse de votre compte a changé."),
                locale=locale,
            )
        )


async def tell_changed_away(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """To the old address: the account left it, and how to take it back."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre compte a changé d’adresse"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _(
                        "Votre compte échange utilise maintenant une autre adresse que celle-ci. "
                        "Si c’est vous, tout va bien."
                    ),
                    _(
                        "Sinon, reprenez-le : cette adresse revient, tous les appareils sont déconnectés, "
                        "et vous choisissez un nouveau mot de passe. Le lien reste bon quatorze jours."
                    ),
                ),
                action=(_("Ce n’est pas moi, reprendre mon compte"), f"{home}/adresse/retour/{quote(key)}"),
                reason=_("Vous recevez ce message parce que l’adresse de votre compte a changé."),
                locale=locale,
            )
        )


async def offer_recovery(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """To the new address: the desk gives the account back."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Retrouvez votre compte"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _(
                        "La conciergerie vous rend l’accès à votre compte échange, avec cette adresse. "
                        "Il vous reste à l’ouvrir."
                    ),
                    _("Le lien sert une seule fois et reste bon un jour."),
                ),
                action=(_("Retrouver mon compte"), f"{home}/acces/{quote(key)}"),
                reason=_("Ce n’est pas vous ? Ne faites rien : rien ne changera."),
                locale=locale,
            )
        )


async def tell_recovery(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """To the old address: the desk was asked to give the account back under another one."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("La conciergerie rend l’accès à votre compte"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _(
                        "Quelqu’un est venu dire à la conciergerie que cette boîte aux lettres est perdue. "
                        "Votre compte va passer à une autre adresse. Si c’est vous, tout va bien."
                    ),
                    _(
                        "Sinon, arrêtez tout : cette adresse reste ou revient, tous les appareils sont "
                        "déconnectés. Le lien reste bon quatorze jours."
                    ),
                ),
                action=(_("Ce n’est pas moi, garder mon compte"), f"{home}/adresse/retour/{quote(key)}"),
                reason=_("Vous recevez ce message parce que l’adresse de votre compte va changer."),
                locale=locale,
            )
        )
