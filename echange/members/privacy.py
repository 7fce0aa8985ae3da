"""What becomes of a member's things when they go."""

import secrets
from typing import Final, Protocol

from echange import notifications
from echange.database import execute, fetch_value
from echange.http.idempotency import forget_keys
from echange.i18n import gettext as _
from echange.media import Store
from echange.members.behalf import end_mandates
from echange.members.models import MemberPhoto
from echange.members.names import fold
from echange.members.organisations import privacy as organisations

FORMER_NAME: Final = "Ancien membre"
# Rows of these tables are theirs alone, by this column.
_OWN: Final = (
    ("session", "member_id"),
    ("personal_token", "member_id"),
    ("mail_key", "member_id"),
    ("member_skill", "member_id"),
    ("staff_role", "member_id"),
    ("verification", "member_id"),
    ("cooptation", "member_id"),
    ("cooptation", "by_id"),
    ("block", "member_id"),
    ("block", "by_id"),
)
_HAS_MANDATES: Final = "SELECT EXISTS (SELECT FROM mandate WHERE $1 IN (person_id, helper_id))"


class Belongings(Protocol):
    """A room's part in a departure."""

    async def told(self, member_id: int) -> list[str]:
        """Sentences, in the reader's language, said before somebody leaves: what becomes of their things."""

    async def forget(self, member_id: int, store: Store) -> None:
        """Erase or part with what is theirs, in the caller's transaction."""


class MembersBelongings:
    """Account, profile, signs of trust. It comes last: the other rooms may still ask who it was."""

    async def told(self, member_id: int) -> list[str]:
        sentences = [
            _(
                "Votre profil, votre photo et vos savoir-faire sont effacés, "
                "comme votre adresse et vos réglages."
            ),
            _("Votre nom disparaît partout : à sa place, on lira « Ancien membre »."),
        ]
        vouched = await fetch_value("SELECT count(*) FROM cooptation WHERE by_id = $1", member_id)
        if vouched:
            sentences.append(_("Les voisins que vous avez cooptés perdent votre parole."))
        if await fetch_value(_HAS_MANDATES, member_id):
            sentences.append(
                _("Vos mandats prennent fin. Le journal de ce qui a été fait reste, sans votre nom.")
            )
        return [*sentences, *await organisations.told(member_id)]

    async def forget(self, member_id: int, store: Store) -> None:
        await organisations.forget(member_id)
        await _forget_mandates(member_id)
        await MemberPhoto.remove(member_id)
        for table, column in _OWN:
            await execute(f"DELETE FROM {table} WHERE {column} = $1", member_id)  # noqa: S608 — our own words
        await notifications.forget(member_id)
        await forget_keys(member_id)
        # What they did for the staff or others stays, done by nobody one could name.
        await execute(
            """UPDATE member SET left_at = now(), handle = $2, name = $3, sort_key = $4, email = '',
                   confirmed_at = NULL, password_hash = NULL, quartier_id = NULL, headline = '', about = '',
                   languages = '', accessibility = '', availability = 0, paused_at = NULL, verified_at = NULL,
                   minor_until = NULL, phone = '', kept_by_desk = false
               WHERE id = $1""",
            member_id,
            await _handle(member_id),
            FORMER_NAME,
            fold(FORMER_NAME),
        )


async def _forget_mandates(member_id: int) -> None:
    """They end, and lose their words; the book of what was done stays, naming nobody."""
    await end_mandates(member_id)
    await execute("UPDATE mandate SET words = '' WHERE $1 IN (person_id, helper_id)", member_id)


async def _handle(member_id: int) -> str:
    handle = f"parti-{member_id}"
    # Somebody may really be called that.
    taken = await fetch_value("SELECT EXISTS (SELECT FROM member WHERE handle = $1)", handle)
    return f"{handle}-{secrets.token_hex(3)}" if taken else handle


belongings: Final = MembersBelongings()
