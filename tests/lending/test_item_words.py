"""Codes, lengths and accessories, as people write them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from echange.lending.codes import CODE, prefix_of, tidied
from echange.lending.lengths import Length, length_said
from echange.lending.screen_forms import Money, accessories_in, accessories_said


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Les Fêtes de la Redoute", "FRE"),
        ("La Forge", "FOR"),
        ("Alice Morel", "AMO"),
        ("Les Jardins du Plateau fleuri", "JPF"),
        ("Le 14", "14"),
        ("Ö", "OBJ"),
        ("🙂", "OBJ"),
        ("Ciné-club des Larris", "CCL"),
    ],
)
def test_a_name_gives_its_letters(name: str, prefix: str) -> None:
    assert prefix_of(name) == prefix


@pytest.mark.parametrize(
    ("typed", "code"),
    [(" for 12 ", "FOR-12"), ("for_012", "FOR-012"), ("Énorme!", "ENORME"), ("--", ""), ("é", "E")],
)
def test_a_code_is_tidied(typed: str, code: str) -> None:
    assert tidied(typed) == code


@pytest.mark.parametrize("code", ["", "A", "-AB", "a1", "X" * 21, "AB C"])
def test_some_texts_are_no_codes(code: str) -> None:
    assert not CODE.fullmatch(code)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("7 jours", 10_080), ("1 jour", 1_440), ("2 semaines", 20_160), ("1 mois", 43_200), ("2 h", 120),
     ("1 h 30", 90), ("45 min", 45), ("3j", 4_320), (90, 90)],
)  # fmt: skip
def test_lengths_are_read(words: object, minutes: int) -> None:
    assert TypeAdapter(Length).validate_python(words) == minutes


@pytest.mark.parametrize("words", ["", "bientôt", "7", "0 jours", "9 ans", "400 jours", "-2 h"])
def test_what_is_no_length_is_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Length).validate_python(words)


@pytest.mark.parametrize("minutes", [30, 120, 150, 1_440, 10_080])
def test_what_is_said_is_read_again(minutes: int) -> None:
    assert TypeAdapter(Length).validate_python(length_said(minutes)) == minutes


@pytest.mark.parametrize(("words", "cents"), [("80", 8_000), ("80 €", 8_000), ("12,50", 1_250), ("0", 0)])
def test_money_is_read(words: str, cents: int) -> None:
    assert TypeAdapter(Money).validate_python(words) == cents


@pytest.mark.parametrize("words", ["beaucoup", "-3", "200000", "80 dollars"])
def test_what_is_no_money_is_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Money).validate_python(words)


def test_accessories_stand_one_a_line() -> None:
    told = accessories_in("Télécommande\n- 2 câbles HDMI\n\n  3 x pieds \n2 câbles HDMI")
    assert told == [("Télécommande", 1), ("câbles HDMI", 4), ("pieds", 3)]
    assert accessories_in(accessories_said(told)) == told
