"""What happened to a thing, in words for whom it is told."""

from echange.i18n import gettext as _


def named(kind: str, title: str) -> str:
    """A thing inside a sentence: « l’annonce « Fauteuil » », « le compte de Bob »."""
    match kind:
        case "ad":
            return _("l’annonce « {title} »").format(title=title)
        case "member":
            return _("le compte de {title}").format(title=title)
        case "organisation":
            return _("la page « {title} »").format(title=title)
        case "help":
            return _("le coup de main « {title} »").format(title=title)
        case "item":
            return _("l’objet prêté « {title} »").format(title=title)
        case "thanks":
            return _("un merci")
        case _:
            return _("une conversation")


def decided(kind: str, act: str, title: str) -> str:
    """What was decided, told to whom it concerns, without a final full stop."""
    match act, kind:
        case "hide", "ad":
            return _("Votre annonce « {title} » est masquée").format(title=title)
        case "hide", "organisation":
            return _("La page « {title} » est masquée").format(title=title)
        case "hide", "help":
            return _("Votre coup de main « {title} » est masqué").format(title=title)
        case "hide", "item":
            return _("Votre objet prêté « {title} » est masqué").format(title=title)
        case "hide", "thanks":
            return _("Votre merci est masqué")
        case "hide", _:
            return _("Votre compte est masqué")
        case "restore", "ad":
            return _("Votre annonce « {title} » est de nouveau en ligne").format(title=title)
        case "restore", "organisation":
            return _("La page « {title} » est de nouveau en ligne").format(title=title)
        case "restore", "help":
            return _("Votre coup de main « {title} » est de nouveau en ligne").format(title=title)
        case "restore", "item":
            return _("Votre objet prêté « {title} » est de nouveau au catalogue").format(title=title)
        case "restore", "thanks":
            return _("Votre merci est de nouveau visible")
        case "restore", "member":
            return _("Votre compte est de nouveau ouvert")
        case "restore", _:
            return _("L’avertissement qui vous concernait est retiré")
        case "confirm", _:
            return _("La décision qui vous concerne est maintenue")
        case _:
            return _("Un modérateur vous avertit")


def consequence(kind: str, act: str) -> str:
    """What it changes for whom it concerns."""
    match act, kind:
        case "hide", "ad":
            return _("Vos voisins ne la voient plus. Vous la retrouvez parmi vos annonces.")
        case "hide", "organisation":
            return _("Vos voisins ne la voient plus, ni ses annonces.")
        case "hide", "help":
            return _("Vos voisins ne le voient plus. Vous le retrouvez parmi vos coups de main.")
        case "hide", "item":
            return _("Vos voisins ne le voient plus. Les prêts en cours vont à leur terme.")
        case "hide", "thanks":
            return _("On ne le lit plus sur le profil de votre voisin.")
        case "hide", _:
            return _(
                "Vos voisins ne voient plus votre page ni vos annonces, et ne peuvent plus vous écrire. "
                "Vous pouvez encore vous connecter, lire cette décision et y répondre."
            )
        case "warn", _:
            return _("Rien n’est retiré. Si cela recommence, la suite pourra être plus ferme.")
        case "restore", _:
            return _("Tout est comme avant.")
        case _:
            return _("Une autre personne de l’équipe a relu quand c’était possible.")


def outcome(act: str) -> str:
    """What came of a report, told to whoever made it."""
    match act:
        case "hide":
            return _("Nous avons lu, et masqué ce que vous signaliez. Merci.")
        case "warn":
            return _("Nous avons lu, et averti la personne. Merci.")
        case _:
            return _("Nous avons lu, et laissé en place ce que vous signaliez.")
