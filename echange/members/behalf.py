"""Who acts: oneself, or the person of the mandate one acts under just now. Each such act is written down."""

from typing import ClassVar, Final

import orjson

from echange.database import execute, in_transaction
from echange.http import NotFound, Refusal, Viewer
from echange.i18n import mark

IN_FORCE: Final = """g.agreed_at IS NOT NULL AND g.ended_at IS NULL AND g.ends_at > now()
    AND u.leaving_at IS NULL AND u.hidden_at IS NULL AND m.leaving_at IS NULL AND m.hidden_at IS NULL
    AND (g.helper_id = m.id OR (g.helper_id IS NULL AND u.id <> m.id AND EXISTS (
        SELECT FROM staff_role WHERE member_id = m.id AND role IN ('concierge', 'admin'))))
    AND NOT EXISTS (SELECT FROM block WHERE (by_id = m.id AND member_id = u.id)
                                         OR (by_id = u.id AND member_id = m.id))"""
"""In SQL: whether member `m` may act for `u` under mandate `g` (the desk's one serves all its staff)."""


class OutOfScope(Refusal):
    code: ClassVar[str] = "out_of_scope"
    sentence: ClassVar[str] = mark(
        "Votre mandat ne couvre pas cela. Revenez à votre nom, ou demandez un mandat plus large."
    )


class MandateGone(Refusal):
    """It ended between the question and the act."""

    code: ClassVar[str] = "mandate_over"
    sentence: ClassVar[str] = mark("Ce mandat vient de prendre fin. Rien n’a été fait.")


class HatWorn(Refusal):
    code: ClassVar[str] = "hat_worn"
    sentence: ClassVar[str] = mark(
        "Vous agissez déjà pour {name}. Revenez d’abord à votre nom, puis recommencez."
    )


def person_of(viewer: Viewer, scope: str) -> int:
    """The member who acts: the person of the mandate in force, else the viewer. Raises OutOfScope."""
    if viewer.behalf is None:
        return viewer.id
    if scope not in viewer.behalf.scopes:
        raise OutOfScope
    return viewer.behalf.id


async def note_act(viewer: Viewer, what: str, about: tuple[str, int], **data: object) -> None:
    """Write down what was done under a mandate, in the caller's transaction; nothing for one's own acts.

    Raises MandateGone when it has ended meanwhile: the transaction is undone.
    """
    if viewer.behalf is not None:
        await _note(viewer.behalf.mandate_id, viewer.id, what, about, data)


async def act_for(viewer: Viewer, mandate_id: int | None) -> None:
    """Act under a mandate, which is written down, or for nobody but oneself again.

    Raises NotFound for one that is not in force or not theirs, HatWorn while they act for an organisation.
    """
    if mandate_id is not None and viewer.acting_for is not None:
        raise HatWorn(name=viewer.acting_for.name)
    table, key = ("session", viewer.session_id) if viewer.session_id else ("personal_token", viewer.token_id)
    async with in_transaction():
        changed = await execute(
            f"""UPDATE {table} SET mandate_id = $1::int,
                    acting_for_id = CASE WHEN $1::int IS NULL THEN acting_for_id END
                WHERE id = $2 AND ($1::int IS NULL OR EXISTS (
                    SELECT FROM mandate g JOIN member u ON u.id = g.person_id JOIN member m ON m.id = $3
                    WHERE g.id = $1::int AND {IN_FORCE}))""",  # noqa: S608 — our own words
            mandate_id,
            key,
            viewer.id,
        )
        if not changed:
            raise NotFound
        if mandate_id is not None and (viewer.behalf is None or viewer.behalf.mandate_id != mandate_id):
            await _note(mandate_id, viewer.id, "worn", ("", None), {})


async def _note(
    mandate_id: int, by: int, what: str, about: tuple[str, int | None], data: dict[str, object]
) -> None:
    noted = await execute(
        """INSERT INTO mandate_act (what, about_kind, about_id, data, mandate_id, by_id)
           SELECT $1, $2, $3, $4::jsonb, id, $6 FROM (
               SELECT id FROM mandate WHERE id = $5 AND ended_at IS NULL AND ends_at > clock_timestamp()
               FOR SHARE) running""",
        what,
        about[0],
        about[1],
        orjson.dumps(data).decode(),
        mandate_id,
        by,
    )
    if not noted:
        raise MandateGone


async def end_mandates(member_id: int, *, with_: int | None = None) -> None:
    """End what a member has with another, or with anybody, in the caller's transaction; nobody is told."""
    await execute(
        """UPDATE mandate SET ended_at = now(), ended_by_id = $1
           WHERE ended_at IS NULL AND ends_at > now()
             AND CASE WHEN $2::int IS NULL THEN $1 IN (person_id, helper_id)
                 ELSE (person_id, helper_id) IN (($1, $2), ($2, $1)) END""",
        member_id,
        with_,
    )
