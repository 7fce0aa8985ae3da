"""Why a photo or a file is not taken, said so that its sender knows what to do."""

from typing import Literal

from echange.i18n import gettext as _

Reason = Literal["empty", "too_heavy", "not_a_photo", "too_many_pixels", "broken"]
FileReason = Literal["empty", "too_heavy", "not_taken", "has_macros", "broken"]


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


class FileRefused(Exception):
    """The file is of no kind that we hand on; `code` is stable, `message` is for the sender."""

    def __init__(self, code: FileReason) -> None:
        super().__init__(code)
        self.code: FileReason = code

    @property
    def message(self) -> str:
        return {
            "empty": _("Ce fichier est vide."),
            "too_heavy": _("Ce fichier pèse plus de 10 Mo. Choisissez-en un plus léger."),
            "not_taken": _(
                "Ce genre de fichier ne peut pas être joint. Choisissez une photo (JPEG, PNG, WebP), un PDF, "
                "un texte (TXT, CSV), un agenda (ICS) ou un document LibreOffice ou Word, Excel, PowerPoint."
            ),
            "has_macros": _(
                "Ce document contient des macros ou un programme. Enregistrez-le sans, puis réessayez."
            ),
            "broken": _("Ce fichier est abîmé ou incomplet. Essayez-en un autre."),
        }[self.code]
