"""Letters reach a real server, or a file; what waited while mail was away is delivered once."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from echange.config import Settings
from echange.database import in_transaction
from echange.jobs import Worker
from echange.mail import MailDelayed, MailRefused, deliver, handlers, send
from tests.jobs.workers import Connection, make_due, until, waiting
from tests.mail.letters import letter

SOON = timedelta(milliseconds=50)


class Mailbox:
    """A mail server's side: what it got, and what it answers first."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.answers: list[str] = []
        self.recipient_answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.got.append(envelope)
        return "250 OK"

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(_content(envelope), policy=policy.default) for envelope in self.got]


def _content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop(no_assert=True)


@pytest.fixture
def by_server(tmp_path: Path, server: Controller) -> Settings:
    return Settings(data_dir=tmp_path, mail_url=f"smtp://127.0.0.1:{server.port}")


@pytest.fixture
def by_file(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def outbox(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "outbox").iterdir())


async def test_without_a_server_a_letter_becomes_a_file_that_can_be_read(by_file: Settings) -> None:
    await deliver(letter(), by_file)

    (file,) = outbox(by_file)
    assert file.name.endswith(".eml")
    assert "-alice-echange-example-" in file.name
    assert "Bob vous a écrit" in file.read_text()
    assert "https://echange.maville.fr/messages/12?a=1&b=2" in file.read_text()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "alice@echange.example"


async def test_files_sort_by_time_and_the_same_letter_is_there_once(by_file: Settings) -> None:
    first, second = letter(to="zoe@echange.example"), letter(to="alice@echange.example")
    for sent in (second, first, first):
        await deliver(sent, by_file)

    assert ["zoe" in file.name for file in outbox(by_file)] == [True, False]


async def test_an_address_leads_to_no_other_folder(by_file: Settings) -> None:
    await deliver(letter(to="../../etc/passwd@echange.example"), by_file)

    (file,) = outbox(by_file)
    assert "-etc-passwd-echange-example-" in file.name


async def test_a_data_folder_that_cannot_be_written_delays_the_letter(by_file: Settings) -> None:
    (by_file.data_dir / "outbox").write_text("a file where the folder should be")

    with pytest.raises(MailDelayed):
        await deliver(letter(), by_file)


async def test_a_server_gets_the_letter(by_server: Settings, mailbox: Mailbox) -> None:
    unsubscribe = "https://echange.maville.fr/avis/desabonnement/" + "k" * 90
    await deliver(letter(to="jean@mairie-évry.fr", unsubscribe_url=unsubscribe), by_server)

    (mail,) = mailbox.mails()
    assert mailbox.got[0].mail_from == "bonjour@echange.example"
    assert mailbox.got[0].rcpt_tos == ["jean@xn--mairie-vry-h7a.fr"]
    assert mail["Subject"] == "Bob vous a répondu"
    assert mail["List-Unsubscribe"] == f"<{unsubscribe}>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Vélo d’enfant" in body.get_content()
    assert _content(mailbox.got[0]).isascii()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_password_opens_the_server(tmp_path: Path, mailbox: Mailbox) -> None:
    def allowed(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        right = (login.login, login.password) == (b"nom@maville.fr", "mot:é".encode())
        return AuthResult(success=right, handled=False)

    port = free_port()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port,
        authenticator=allowed, auth_required=True, auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    try:
        right = Settings(data_dir=tmp_path, mail_url=f"smtp://nom%40maville.fr:mot%3A%C3%A9@127.0.0.1:{port}")
        await deliver(letter(), right)
        wrong = Settings(data_dir=tmp_path, mail_url=f"smtp://nom:faux@127.0.0.1:{port}")
        with pytest.raises(MailDelayed):
            await deliver(letter(), wrong)
    finally:
        controller.stop(no_assert=True)

    assert len(mailbox.got) == 1


async def test_a_busy_server_delays_the_letter(by_server: Settings, mailbox: Mailbox) -> None:
    mailbox.answers = ["451 later"]
    with pytest.raises(MailDelayed):
        await deliver(letter(), by_server)
    await deliver(letter(), by_server)

    mailbox.recipient_answer = "450 mailbox busy"
    with pytest.raises(MailDelayed):
        await deliver(letter(), by_server)
    assert len(mailbox.got) == 1


async def test_a_server_that_never_takes_it_refuses_the_letter(by_server: Settings, mailbox: Mailbox) -> None:
    mailbox.answers = ["554 no"]
    with pytest.raises(MailRefused):
        await deliver(letter(), by_server)

    mailbox.recipient_answer = "550 nobody of this name"
    with pytest.raises(MailRefused):
        await deliver(letter(), by_server)


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+starttls"])
async def test_a_server_that_is_away_delays_the_letter(tmp_path: Path, scheme: str) -> None:
    settings = Settings(data_dir=tmp_path, mail_url=f"{scheme}://127.0.0.1:{free_port()}")

    with pytest.raises(MailDelayed):
        await deliver(letter(), settings)


async def test_no_password_travels_in_clear_where_encryption_was_asked(
    tmp_path: Path, server: Controller
) -> None:
    settings = Settings(data_dir=tmp_path, mail_url=f"smtp+starttls://nom:mot@127.0.0.1:{server.port}")

    with pytest.raises(MailDelayed):
        await deliver(letter(), settings)


@pytest.mark.parametrize("url", ["mail.maville.fr", "http://mail.maville.fr", "smtp://"])
def test_a_wrong_address_of_a_server_is_said_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="ECHANGE_MAIL_URL"):
        handlers(Settings(data_dir=tmp_path, mail_url=url))


async def test_a_letter_leaves_after_the_commit(orm: None, database_url: str, by_file: Settings) -> None:
    async with Worker(database_url, handlers(by_file)):
        async with in_transaction():
            await send(letter())
            assert not (by_file.data_dir / "outbox").exists()
        await until(lambda: (by_file.data_dir / "outbox").exists() and bool(outbox(by_file)))


class ChangedMyMind(Exception):
    """The writer thought again."""


async def test_what_is_rolled_back_is_not_told(orm: None, connection: Connection) -> None:
    with suppress(ChangedMyMind):
        async with in_transaction():
            await send(letter())
            raise ChangedMyMind

    assert await waiting(connection) == 0


async def test_letters_wait_while_mail_is_away_and_are_delivered_once(
    orm: None, database_url: str, connection: Connection, tmp_path: Path, mailbox: Mailbox
) -> None:
    port = free_port()
    settings = Settings(data_dir=tmp_path, mail_url=f"smtp://127.0.0.1:{port}")
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    async with Worker(database_url, handlers(settings), poll=SOON):
        await asyncio.gather(*(send(letter(subject=f"{n}")) for n in range(3)))
        await until(lambda: _all_postponed(connection, 3))
        controller.start()
        try:
            mailbox.answers = ["451 still busy"]
            await make_due(connection)
            await until(lambda: len(mailbox.got) == 2)
            await until(lambda: _all_postponed(connection, 1))
            await make_due(connection)
            await until(lambda: _nothing_waits(connection))
        finally:
            controller.stop(no_assert=True)

    assert sorted(str(mail["Subject"]) for mail in mailbox.mails()) == ["0", "1", "2"]


async def test_a_refused_letter_is_tried_once_and_kept(
    orm: None, database_url: str, connection: Connection, by_server: Settings, mailbox: Mailbox
) -> None:
    mailbox.answers = ["554 no", "554 no"]
    await send(letter())
    async with Worker(database_url, handlers(by_server), poll=SOON):
        await until(lambda: _is_kept(connection))

    assert mailbox.answers == ["554 no"]


async def _all_postponed(connection: Connection, count: int) -> bool:
    postponed: int = await connection.fetchval(
        "SELECT count(*) FROM pgqueuer WHERE status = 'queued' AND attempts > 0 AND execute_after > now()"
    )
    return postponed == count == len(await connection.fetch("SELECT FROM pgqueuer"))


async def _nothing_waits(connection: Connection) -> bool:
    return not await connection.fetch("SELECT FROM pgqueuer")


async def _is_kept(connection: Connection) -> bool:
    return await waiting(connection, "failed") == 1
