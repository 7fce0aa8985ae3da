"""A mail for who is away: one a conversation, a while after a message came, until it is read again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg
import structlog

from echange import mail
from echange.chat import inbox
from echange.chat.inbox import STANDING
from echange.chat.notices import FIRST_WORDS, UNREAD
from echange.chat.presence import PERIOD_SECONDS, SILENT_PERIODS
from echange.chat.subjects import Subjects
from echange.chat.talk import Talk
from echange.database import fetch, in_transaction
from echange.http import Viewer
from echange.i18n import gettext as _
from echange.i18n import ngettext, speaking
from echange.notifications.letters import UNSUBSCRIBE, sign_refusal

AT_ONCE: Final = 100
# What came before was told then, or never will be: nobody is mailed of last year's messages.
LOOKED_BACK: Final = timedelta(days=2)
WORDS_SHOWN: Final = 200
_log = structlog.get_logger("echange.chat")

# A first message that a notice told of and leads to, like an answer to an annonce, needs no mail of its own.
_DUE: Final = """
    SELECT p.id, first.seq FROM conversation c
    JOIN participant p ON p.conversation_id = c.id
    JOIN member m ON m.id = p.member_id AND m.confirmed_at IS NOT NULL AND m.email <> '' AND NOT m.away
    CROSS JOIN LATERAL (
        SELECT e.seq, e.at FROM event e
        JOIN member w ON w.id = e.by_id AND w.hidden_at IS NULL AND w.left_at IS NULL
        WHERE e.conversation_id = c.id AND e.seq > p.read_seq AND e.seq >= p.from_seq
          AND e.kind = 'message' AND NOT e.gone AND e.by_id <> p.member_id AND NOT EXISTS (
              SELECT FROM block WHERE (by_id = e.by_id AND member_id = p.member_id)
                  OR (by_id = p.member_id AND member_id = e.by_id))
        ORDER BY e.seq LIMIT 1) AS first
    WHERE c.last_at > now() - $2::interval AND c.said_seq > p.read_seq AND p.mailed_seq <= p.read_seq
      AND p.muted_at IS NULL AND (p.archived_seq >= c.said_seq) IS NOT TRUE
      AND first.at <= now() - $1::interval
      AND NOT EXISTS (SELECT FROM mail_refusal r WHERE r.member_id = m.id AND r.kind = $3)
      AND NOT EXISTS (SELECT FROM presence here JOIN server_process s ON s.id = here.process_id
                      WHERE here.member_id = m.id AND s.seen_at > now() - $4 * interval '1 second')
      AND NOT EXISTS (SELECT FROM notice n WHERE n.member_id = m.id AND n.link = '/messages/' || c.id
                      AND n.at BETWEEN first.at - interval '1 minute' AND first.at + interval '1 minute')
    ORDER BY first.at LIMIT $5 FOR NO KEY UPDATE OF p SKIP LOCKED"""
_TAKE: Final = f"""
    WITH due AS MATERIALIZED ({_DUE}), taken AS (
        UPDATE participant p SET mailed_seq = c.said_seq FROM due, conversation c
        WHERE p.id = due.id AND c.id = p.conversation_id
        RETURNING p.conversation_id, p.member_id, due.seq)
    SELECT taken.*, m.name, m.handle, m.email, m.locale, w.name AS writer, e.data -> 'for' ->> 'name' AS hat,
           CASE WHEN e.data ? 'warn' OR EXISTS (
               SELECT FROM mail_refusal r WHERE r.member_id = m.id AND r.kind = $6)
           THEN '' ELSE {STANDING} END AS words,
           ARRAY(SELECT member_id FROM block WHERE by_id = m.id
                 UNION SELECT by_id FROM block WHERE member_id = m.id) AS unseen
    FROM taken JOIN member m ON m.id = taken.member_id
    JOIN event e ON e.conversation_id = taken.conversation_id AND e.seq = taken.seq
    JOIN member w ON w.id = e.by_id"""  # noqa: S608 — our own words


@dataclass(frozen=True, slots=True)
class Post:
    """By which address the links of a mail lead home, and the secret that signs them."""

    home: str
    secret: str
    subjects: Subjects


async def mail_absent(post: Post, after: timedelta) -> None:
    """Write to those for whom something has waited unread for so long, while they are not here.

    Nobody who has silenced the conversation or put it away, is in pause, or refused these mails.
    """
    async with in_transaction():
        rows = await fetch(
            _TAKE, after, LOOKED_BACK, UNREAD, PERIOD_SECONDS * SILENT_PERIODS, AT_ONCE, FIRST_WORDS
        )
        for row in rows:
            with speaking(row["locale"]):
                await _send(row, post)


async def _send(row: asyncpg.Record, post: Post) -> None:
    reader = Viewer(row["member_id"], row["name"], row["handle"], True, unseen=frozenset(row["unseen"]))
    talk = await inbox.one(row["conversation_id"], reader.id)
    about = (await inbox.cards([talk], post.subjects, reader)).get(talk.id)
    try:
        letter = _letter(row, talk, about.title if about else "", post)
    except ValueError:
        # One address that is none does not hold up the others.
        _log.warning("absent_member_not_mailed", member=reader.id)
        return
    await mail.send(letter)


def _letter(row: asyncpg.Record, talk: Talk, title: str, post: Post) -> mail.Letter:
    subject = _subject(_writer(row), talk, title)
    return mail.Letter(
        to=row["email"],
        subject=subject,
        paragraphs=(
            _("Bonjour {name},").format(name=row["name"]),
            _("{sentence}.").format(sentence=subject),
            *_quoted(row["words"]),
            *_more(talk.unread),
        ),
        action=(_("Lire et répondre"), f"{post.home}{talk.url}"),
        reason=_(
            "Vous recevez ce mail parce qu’un message vous attend sur échange. "
            "Il n’y en aura pas d’autre pour cette conversation avant que vous ne l’ayez lue."
        ),
        unsubscribe_url=post.home + UNSUBSCRIBE + sign_refusal(post.secret, row["member_id"], UNREAD),
        locale=row["locale"],
        id=f"unread-{talk.id}-{row['member_id']}-{row['seq']}",
    )


def _writer(row: asyncpg.Record) -> str:
    if row["hat"] is None:
        return str(row["writer"])
    return _("{name} pour {hat}").format(name=row["writer"], hat=row["hat"])


def _subject(writer: str, talk: Talk, title: str) -> str:
    if talk.is_group:
        return _("{name} a écrit dans « {title} »").format(name=writer, title=talk.title)
    if title:
        return _("{name} vous a écrit au sujet de « {title} »").format(name=writer, title=title)
    return _("{name} vous a écrit").format(name=writer)


def _quoted(words: str) -> list[str]:
    if not words:
        return []
    start = words[:WORDS_SHOWN].rstrip()
    return [_("« {words} »").format(words=start if len(words) <= WORDS_SHOWN else f"{start}…")]


def _more(unread: int) -> list[str]:
    more = unread - 1
    if more < 1:
        return []
    return [ngettext("Et {n} autre message.", "Et {n} autres messages.", more).format(n=more)]
