"""The six signs that can be put under a message: each has a drawing and a word."""

from dataclasses import dataclass
from typing import Final

from echange.i18n import gettext as _
from echange.i18n import mark


@dataclass(frozen=True, slots=True)
class Sign:
    """`drawing` is its name in drawings/signs.svg."""

    emoji: str
    drawing: str
    sentence: str

    @property
    def word(self) -> str:
        return _(self.sentence)


SIGNS: Final = (
    Sign("👍", "thumb", mark("pouce levé")),
    Sign("❤️", "heart", mark("cœur")),
    Sign("😄", "laugh", mark("rire")),
    Sign("🎉", "party", mark("fête")),
    Sign("🙏", "thanks", mark("merci")),
    Sign("😢", "tear", mark("tristesse")),
)
