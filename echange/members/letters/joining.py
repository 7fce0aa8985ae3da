"""Mails about coming in: joining, signing in, a new password."""

from urllib.parse import quote

from echange import mail
from echange.i18n import gettext as _
from echange.i18n import speaking


async def ask_confirmation(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """A link that confirms the address."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Confirmez votre adresse"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _("Vous venez de créer un compte sur échange. Un clic confirme votre adresse."),
                    _("Le lien sert une seule fois et reste bon sept jours."),
                ),
                action=(_("Confirmer mon adresse"), f"{home}/confirmation/{quote(key)}"),
                reason=_("Ce n’est pas vous ? Ne faites rien : elle ne sera pas utilisée."),
                locale=locale,
            )
        )


async def tell_already_here(to: str, locale: str, *, home: str) -> None:
    """Somebody joined with the address of an existing account."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Vous avez déjà un compte"),
                paragraphs=(
                    _("Bonjour,"),
                    _(
                        "Quelqu’un vient de s’inscrire sur échange avec votre adresse. "
                        "Or vous y avez déjà un compte : connectez-vous à celui-là."
                    ),
                    _("Mot de passe oublié ? La page de connexion vous en donne un nouveau."),
                ),
                action=(_("Se connecter"), f"{home}/connexion"),
                reason=_("Ce n’est pas vous ? Ne faites rien : votre compte n’a pas changé."),
                locale=locale,
            )
        )


async def ask_reset(to: str, locale: str, *, home: str, name: str, key: str) -> None:
    """A link that sets a new password."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Choisissez un nouveau mot de passe"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _("Vous avez demandé un nouveau mot de passe. Choisissez-le sur cette page."),
                    _("Le lien sert une seule fois et reste bon une heure."),
                ),
                action=(_("Choisir mon mot de passe"), f"{home}/mot-de-passe/{quote(key)}"),
                reason=_("Ce n’est pas vous ? Ne faites rien : votre mot de passe reste le même."),
                locale=locale,
            )
        )


async def send_way_in(to: str, locale: str, *, home: str, name: str, key: str, suite: str) -> None:
    """A link that signs in, and leads on to `suite`."""
    onwards = "" if suite == "/" else f"?suite={quote(suite, safe='')}"
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Votre lien pour vous connecter"),
                paragraphs=(
                    _("Bonjour {name},").format(name=name),
                    _("Voici le lien que vous avez demandé. Un clic, et vous êtes connecté."),
                    _("Il sert une seule fois et reste bon vingt minutes."),
                ),
                action=(_("Me connecter"), f"{home}/connexion/lien/{quote(key)}{onwards}"),
                reason=_("Ce n’est pas vous ? Ne faites rien : sans ce lien, personne n’entre."),
                locale=locale,
            )
        )


async def tell_nobody_here(to: str, locale: str, *, home: str) -> None:
    """A way in was asked for an address without an account."""
    with speaking(locale):
        await mail.send(
            mail.Letter(
                to=to,
                subject=_("Aucun compte à cette adresse"),
                paragraphs=(
                    _("Bonjour,"),
                    _(
                        "Quelqu’un a demandé à se connecter à échange avec cette adresse, "
                        "mais aucun compte ne l’utilise."
                    ),
                    _("Si c’est vous, essayez votre autre adresse, ou créez un compte."),
                ),
                action=(_("Créer un compte"), f"{home}/inscription"),
                reason=_("Ce n’est pas vous ? Ne faites rien."),
                locale=locale,
            )
        )
