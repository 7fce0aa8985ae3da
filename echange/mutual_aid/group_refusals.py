"""What groups of helpers say no with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class GroupClosed(Refusal):
    code: ClassVar[str] = "group_closed"
    sentence: ClassVar[str] = mark("Ce groupe de bénévoles est fermé.")


class LeadsIt(Refusal):
    code: ClassVar[str] = "coordinator"
    sentence: ClassVar[str] = mark("Vous coordonnez ce groupe : vous en êtes déjà.")


class NotOneOfUs(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark(
        "Qui coordonne fait partie de l’association. Choisissez parmi ses membres."
    )


class NameTaken(Refusal):
    code: ClassVar[str] = "name_taken"
    sentence: ClassVar[str] = mark("Un de vos groupes porte déjà ce nom.")


class NotTheirGroup(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid"
    sentence: ClassVar[str] = mark("Choisissez un groupe que vous coordonnez, ou de votre association.")
