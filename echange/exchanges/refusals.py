"""What this room says no with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class NotNow(Refusal):
    code: ClassVar[str] = "not_now"
    sentence: ClassVar[str] = mark(
        "L’échange a changé entre-temps. Relisez où il en est, puis choisissez à nouveau."
    )


class NotYourTurn(Refusal):
    """The other one has to answer, or the figure is one's own."""

    code: ClassVar[str] = "not_your_turn"
    sentence: ClassVar[str] = mark("C’est à l’autre personne de répondre.")


class FigureWaits(Refusal):
    code: ClassVar[str] = "figure_waits"
    sentence: ClassVar[str] = mark(
        "L’autre personne a déjà noté {minutes}. Confirmez, ou donnez un autre chiffre."
    )


class FigureGiven(Refusal):
    code: ClassVar[str] = "figure_given"
    sentence: ClassVar[str] = mark("Vous avez déjà noté {minutes}. Reprenez d’abord ce chiffre.")


class AlreadyCountered(Refusal):
    code: ClassVar[str] = "already_countered"
    sentence: ClassVar[str] = mark(
        "Chacun a donné son chiffre. Confirmez {minutes}, ou demandez à la modération de trancher."
    )


class ReceiverShort(Refusal):
    code: ClassVar[str] = "receiver_short"
    sentence: ClassVar[str] = mark(
        "Il ne reste pas assez d’heures à {name} pour {minutes}. Convenez d’un temps plus court, "
        "ou demandez à la conciergerie si le fonds de solidarité peut aider."
    )


class AccountGone(Refusal):
    code: ClassVar[str] = "account_closed"
    sentence: ClassVar[str] = mark(
        "Le compte d’heures de l’une des deux personnes est fermé : aucune heure ne peut plus bouger. "
        "Décidez zéro minute ; le fonds de solidarité peut aider qui a donné son temps."
    )


class BothSides(Refusal):
    code: ClassVar[str] = "both_sides"
    sentence: ClassVar[str] = mark(
        "Une même personne ne peut pas agir des deux côtés d’un échange. Demandez à quelqu’un d’autre."
    )


class InAnotherName(Refusal):
    code: ClassVar[str] = "in_another_name"
    sentence: ClassVar[str] = mark(
        "Vous agissez en ce moment pour quelqu’un d’autre. Revenez à votre nom pour répondre vous-même."
    )


class WithOneself(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("On n’échange pas d’heures avec soi-même.")


class NotTheirs(Refusal):
    """The organisation is not one that this person speaks for."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("Cette personne ne parle pas pour cette association.")


class Paused(Refusal):
    code: ClassVar[str] = "paused"
    sentence: ClassVar[str] = mark("Votre compte est en pause : reprenez-le avant de proposer un échange.")


class Full(Refusal):
    code: ClassVar[str] = "full"
    sentence: ClassVar[str] = mark("Toutes les places sont déjà prises.")


class Involved(Refusal):
    """Who takes part, or belongs to one side, does not decide."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "involved"
    sentence: ClassVar[str] = mark("Cet échange vous touche de près : quelqu’un d’autre doit décider.")


class AlreadyThanked(Refusal):
    code: ClassVar[str] = "already_thanked"
    sentence: ClassVar[str] = mark("Vous avez déjà dit merci pour cet échange.")
