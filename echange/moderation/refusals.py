"""What this room says no with."""

from echange.http import Refusal
from echange.i18n import mark


class OwnThing(Refusal):
    code = "own_thing"
    sentence = mark("C’est à vous : vous pouvez le modifier ou le retirer vous-même.")


class AlreadyDecided(Refusal):
    code = "already_decided"
    sentence = mark(
        "Déjà décidé : quelqu’un de l’équipe vient de le faire. Relisez, puis voyez s’il reste à faire."
    )


class AboutOneself(Refusal):
    code = "about_oneself"
    sentence = mark("Cela vous concerne : quelqu’un d’autre de l’équipe décidera.")


class NeedsAnother(Refusal):
    code = "needs_another"
    sentence = mark("Vous avez pris la première décision : quelqu’un d’autre de l’équipe lira la réponse.")


class AlreadyReplied(Refusal):
    code = "already_replied"
    sentence = mark("Vous avez déjà répondu. Une autre personne de l’équipe vous lira.")
