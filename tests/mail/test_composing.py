"""What a letter looks like once it is a mail."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from echange.mail import BadAddress, compose, is_address
from tests.mail.letters import SENDER, letter

UNSUBSCRIBE = "https://echange.maville.fr/avis/desabonnement/" + "k" * 90


def arrived(mail: EmailMessage) -> EmailMessage:
    """The mail as a mailbox reads it."""
    return message_from_bytes(mail.as_bytes(), policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def test_the_text_alone_says_everything() -> None:
    text = part(arrived(compose(letter(unsubscribe_url=UNSUBSCRIBE), SENDER)), "plain")

    assert text.replace("\r\n", "\n") == (
        "Bonjour Alice,\n\n"
        "Bob vous a écrit au sujet de « Vélo d’enfant ».\n\n"
        "Lire son message :\nhttps://echange.maville.fr/messages/12?a=1&b=2\n\n"
        "-- \n"
        "Vous recevez ce message parce qu’un voisin vous a écrit.\n\n"
        f"Ne plus recevoir ces messages :\n{UNSUBSCRIBE}\n"
    )


def test_a_long_paragraph_is_wrapped_but_a_link_is_not() -> None:
    long = "mot " * 60 + "https://echange.maville.fr/" + "x" * 100
    text = part(arrived(compose(letter(paragraphs=(long, "vers 1\nvers 2")), SENDER)), "plain")

    lines = text.splitlines()
    assert "https://echange.maville.fr/" + "x" * 100 in lines
    assert all(len(line) <= 72 for line in lines if "https" not in line)
    assert "vers 1" in lines


def test_the_html_is_the_same_and_loads_nothing_from_afar() -> None:
    html = part(arrived(compose(letter(unsubscribe_url=UNSUBSCRIBE), SENDER)), "html")

    assert '<html lang="fr">' in html
    assert "Bob vous a écrit au sujet de « Vélo d’enfant »." in html
    assert 'href="https://echange.maville.fr/messages/12?a=1&amp;b=2"' in html
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|@import|src=", html)


def test_words_of_neighbours_are_no_html() -> None:
    mail = arrived(compose(letter(paragraphs=("<script>alert(1)</script>",), subject="<b>"), SENDER))

    assert "&lt;script&gt;" in part(mail, "html")
    assert "<script>" in part(mail, "plain")


def test_a_letter_without_action_has_no_link() -> None:
    mail = arrived(compose(letter(action=None), SENDER))

    assert "http" not in part(mail, "plain")
    assert "<a " not in part(mail, "html")


def test_a_reader_of_english_gets_an_english_frame() -> None:
    mail = arrived(compose(letter(locale="en"), SENDER))

    assert mail["Content-Language"] == "en"
    assert '<html lang="en">' in part(mail, "html")
    assert "copiez cette adresse" not in part(mail, "html")


def test_the_headers_tell_mailboxes_what_it_is() -> None:
    sent = letter(unsubscribe_url=UNSUBSCRIBE)
    mail = arrived(compose(sent, SENDER))

    assert mail["From"].addresses[0].display_name == "échange"
    assert mail["From"].addresses[0].addr_spec == "bonjour@echange.example"
    assert mail["To"] == "alice@echange.example"
    assert mail["Subject"] == "Bob vous a répondu"
    assert mail["Message-ID"] == f"<{sent.id}@echange.example>"
    assert mail["Date"].datetime.isoformat() == sent.written_at[:19] + "+00:00"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in compose(sent, SENDER).as_bytes()


def test_a_letter_one_cannot_unsubscribe_from_says_nothing_of_it() -> None:
    mail = compose(letter(), SENDER)

    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00"])
def test_a_line_break_in_a_subject_makes_no_header(line_break: str) -> None:
    mail = arrived(compose(letter(subject=f"Bonjour{line_break}Bcc: eve@evil.example"), SENDER))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Bonjour Bcc: eve@evil.example"


def test_a_line_break_hidden_in_an_encoded_word_makes_no_header() -> None:
    mail = arrived(compose(letter(subject="=?utf-8?q?Bonjour=0D=0ABcc:_eve@evil.example?="), SENDER))

    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("= ?utf-8?q?Bonjour=0D")


def test_a_line_break_in_the_name_of_the_sender_makes_no_header() -> None:
    mail = arrived(compose(letter(), "échange\r\nBcc: eve@evil.example, <bonjour@echange.example>"))

    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "subject",
    [
        "Éléonore propose « Cours de guitare à l’été » " * 5,
        "plain words of a long subject " * 8,
        "🙂" * 80,
        "x" * 300,
    ],
)
def test_a_subject_arrives_whole_however_long(subject: str) -> None:
    mail = compose(letter(subject=subject), SENDER)

    assert arrived(mail)["Subject"] == subject.strip()
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alice",
        "alice@",
        "@echange.example",
        "alice@echange.example\r\nBcc: eve@evil.example",
        "alice@echange.example\n",
        "alice@echange.example, eve@evil.example",
        "alice@echange.example eve@evil.example",
        "Alice <alice@echange.example>",
        "alice@eve@evil.example",
        '"a b"@echange.example',
        "élise@echange.example",
        "alice@-echange.example",
        "alice@echange..example",
        "alice@" + "é" * 64 + ".fr",
        "a" * 65 + "@echange.example",
        "alice@" + "a." * 130 + "fr",
        "ali\x00ce@echange.example",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(BadAddress):
        letter(to=address)


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [
        ("o'neil+lettres@echange.example", "o'neil+lettres@echange.example"),
        ("jean@mairie-évry.fr", "jean@xn--mairie-vry-h7a.fr"),
    ],
)
def test_unusual_addresses_are_written_to(address: str, on_the_wire: str) -> None:
    assert is_address(address)
    assert arrived(compose(letter(to=address), SENDER))["To"] == on_the_wire


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "/messages/12",
        "https://echange.maville.fr/\r\nBcc: eve@evil.example",
        "https://echange.maville.fr/> <b",
        "https://échange.maville.fr/",
        "https://echange.maville.fr/" + "x" * 900,
    ],
)
def test_a_link_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a link"):
        letter(unsubscribe_url=url)
    with pytest.raises(ValueError, match="not a link"):
        letter(action=("Lire", url))


def test_a_letter_survives_its_journey_through_a_job() -> None:
    for sent in (letter(unsubscribe_url=UNSUBSCRIBE), letter(action=None)):
        assert type(sent).from_dict(sent.as_dict()) == sent
