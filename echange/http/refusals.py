"""What we say no with: one family of exceptions, from domain verbs to pages and problem+json."""

from collections.abc import Sequence
from typing import Any, ClassVar

from echange.i18n import gettext, mark


class Refusal(Exception):
    """A rule said no. `code` is stable for machines, `sentence` is French for people.

    A rule of today's state answers 409 to the API; HTML forms show it with 422 and keep the words.
    `alternatives` is what would be a yes, as programs read it.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"
    sentence: ClassVar[str] = mark("Ce n’est plus possible : la situation a changé entre-temps.")
    alternatives: Sequence[dict[str, Any]] = ()

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    @property
    def title(self) -> str:
        return gettext(self.sentence).format_map(self.values)


class Invalid(Refusal):
    """The request is wrong by itself; `errors` maps field to French sentences."""

    status = 422
    code = "invalid"
    sentence = mark("Certaines réponses sont à revoir.")

    def __init__(self, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__()
        self.errors = errors or {}


class KeyReused(Refusal):
    status = 422
    code = "key_reused"
    sentence = mark("Cette clé a déjà servi pour une autre demande.")


class SignedOut(Refusal):
    status = 401
    code = "signed_out"
    sentence = mark("Connectez-vous pour continuer.")


class NotAllowed(Refusal):
    status = 403
    code = "not_allowed"
    sentence = mark("Vous n’avez pas accès à cette page.")


class Leaving(Refusal):
    """Somebody who asked to go only reads; to act again they stay first."""

    code = "leaving"
    sentence = mark("Votre départ est prévu. Pour agir à nouveau, choisissez d’abord de rester.")


class NotFound(Refusal):
    """Hidden and absent look alike."""

    status = 404
    code = "not_found"
    sentence = mark("Cette page n’existe pas, ou plus.")


class MethodRefused(Refusal):
    status = 405
    code = "method_not_allowed"
    sentence = mark("Cette adresse ne se prête pas à cela.")


class NoRoom(Refusal):
    """The disk is full, ours or the database's."""

    status = 507
    code = "storage_full"
    sentence = mark("Il n’y a plus de place ici pour garder cela. Réessayez plus tard.")


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    sentence = mark("C’est trop lourd pour être envoyé.")


class TooMany(Refusal):
    """`retry_after` in seconds."""

    status = 429
    code = "rate"
    sentence = mark("Trop d’essais en peu de temps. Patientez un instant, puis recommencez.")

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something we stand on is away; `retry_after` in seconds."""

    status = 503
    code = "unavailable"
    sentence = mark("Le service reprend son souffle. Réessayez dans quelques secondes.")

    def __init__(self, retry_after: float = 2) -> None:
        super().__init__()
        self.retry_after = retry_after
