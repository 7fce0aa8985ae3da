"""Why a photo is not taken, said so that its sender knows what to do."""

from typing import Literal

from echange.i18n import gettext as _

Reason = Literal["empty", "too_heavy", "not_a_photo", "too_many_pixels", "broken"]


class PhotoRefused(Exception):
    """The file is not a photo we can keep; `code` is stable, `message` is for the sender."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code: Reason = code

    @property
    def message(self) -> str:
        return {
            "empty": _("Ce fichier est vide."),
            "too_heavy": _("Cette photo pèse plus de 10 Mo. Choisissez-en une plus légère."),
            "not_a_photo": _("Ce fichier n’est pas une photo JPEG, PNG ou WebP."),
            "too_many_pixels": _("Cette photo dépasse 40 millions de pixels. Réduisez-la, puis réessayez."),
            "broken": _("Cette photo est abîmée ou incomplète. Essayez-en une autre."),
        }[self.code]
