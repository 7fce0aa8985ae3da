"""Lengths of time: said in words, read from what people write."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echange.http.durations import Minutes, between, read, said
from echange.http.forms import Form, validate
from echange.http.refusals import Invalid
from echange.i18n import speaking


class LengthForm(Form):
    minutes: Annotated[Minutes, between(5, 600)]


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (0, "0 min", "0 min"),
        (5, "5 min", "5 min"),
        (60, "1 h", "1 h"),
        (65, "1 h 05", "1 h 5 min"),
        (90, "1 h 30", "1 h 30 min"),
        (-120, "−2 h", "−2 h"),
        (-30, "−30 min", "−30 min"),
        (-75_000, "−1 250 h", "−1,250 h"),
    ],
)
def test_a_length_is_said_without_a_line_break_in_it(minutes: int, french: str, english: str) -> None:
    assert said(minutes) == french.replace(" ", "\u00a0")
    with speaking("en"):
        assert said(minutes) == english.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("1 h 30", 90),
        ("1h30", 90),
        ("1\u00a0h\u00a030", 90),
        ("1 H 5", 65),
        ("1 h 05 min", 65),
        ("1:30", 90),
        ("0:45", 45),
        ("2 h", 120),
        ("2 heures", 120),
        ("1 heure 30 minutes", 90),
        ("1 hour 30 min", 90),
        ("1,5 h", 90),
        ("1.25h", 75),
        ("90", 90),
        ("45 min", 45),
        ("45 mn", 45),
        ("5 minutes", 5),
        (90, 90),
    ],
)
def test_what_people_write_is_understood(written: object, minutes: int) -> None:
    assert validate(LengthForm, {"minutes": written}).minutes == minutes


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("longtemps", "Écrivez une durée"),
        ("1 h 75", "Écrivez une durée"),
        ("-30", "Écrivez une durée"),
        ("1,5", "Écrivez une durée"),
        ("9" * 400, "Écrivez une durée"),
        ("²", "Écrivez une durée"),
        (True, "Écrivez une durée"),
        (1.5, "Écrivez une durée"),
        (["30"], "Écrivez une durée"),
        ("2", "Des heures ou des minutes"),
        ("4 min", "Entre 5 min et 10 h."),
        (601, "Entre 5 min et 10 h."),
        (10**40, "hors des limites"),
        (-1, "hors des limites"),
        ("9999 h", "hors des limites"),
    ],
)
def test_what_is_no_length_is_told_kindly(written: object, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        validate(LengthForm, {"minutes": written})
    assert sentence in refusal.value.errors["minutes"][0].replace("\u00a0", " ")


@given(st.integers(min_value=0, max_value=9_999 * 60))
def test_what_is_said_is_read_back(minutes: int) -> None:
    assert read(said(minutes)) == minutes
    with speaking("en"):
        assert read(said(minutes).replace(",", "")) == minutes
