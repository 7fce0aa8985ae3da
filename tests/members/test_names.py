"""Names: folded, made into addresses, kept apart from the staff's."""

import pytest

from echange.members import first_name, fold
from echange.members.names import handle_for, mixes_alphabets, sounds_like_staff


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Élodie   LEFÈVRE ", "elodie lefevre"),
        ("Cœur d’Ævar", "coeur d'aevar"),
        ("Łukasz Straße", "lukasz strasse"),
        ("ｆｕｌｌ\u00a0width", "full width"),
        ("王伟", "王伟"),
        ("", ""),
    ],
)
def test_folding_keeps_what_two_spellings_share(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Alice Morel", "alice-morel"),
        ("Jean-Noël d’Ormesson", "jean-noel-d-ormesson"),
        ("王伟", "voisin"),
        ("A" * 60, "a" * 32),
    ],
)
def test_a_handle_is_made_of_plain_letters(name: str, handle: str) -> None:
    assert handle_for(name) == handle


@pytest.mark.parametrize(
    "name",
    [
        "Concierge", "La Conciergerie", "c0nc1erge", "Соncierge", "CONCLERGE", "Modérateur", "Mоdératrice",
        "rnoderateur", "Admin", "@dmin", "Аdmin", "L’administrateur", "Équipe échange",
        "Ech4nge", "La Mairie", "M A I R I E", "La Forge", "Support", "Po1ice",
        "ｃｏｎｃｉｅｒｇｅ", "Ville de Fontenay",
    ],
)  # fmt: skip
def test_staff_cannot_be_imitated(name: str) -> None:
    assert sounds_like_staff(name)


@pytest.mark.parametrize(
    "name",
    [
        "Nadia Petit",
        "Marie Laforge",
        "Ada Minet",
        "Bernard Lemoine",
        "Maïa Riera",
        "Modeste Roy",
        "Σοφία",
        "Ольга",
    ],
)
def test_neighbours_keep_their_own_names(name: str) -> None:
    assert not sounds_like_staff(name)


def test_one_word_in_two_alphabets_is_a_disguise() -> None:
    assert mixes_alphabets("Nadia Реtit")
    assert not mixes_alphabets("Ольга Petit")
    assert not mixes_alphabets("王伟 Wang")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Odile Perrin", "Odile"),
        ("Odile", "Odile"),
        ("Mme Odile Perrin", "Mme Odile"),
        ("M. Perrin", "M. Perrin"),
        ("Madame", "Madame"),
        ("", ""),
    ],
)
def test_a_title_is_nobodys_first_name(name: str, first: str) -> None:
    assert first_name(name) == first
