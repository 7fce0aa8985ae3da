"""Which passwords will do."""

import pytest

from echange.members.passwords import (
    CommonPassword,
    PersonalPassword,
    RegularPassword,
    WeakPassword,
    check_strength,
    hash_password,
    is_password,
)


@pytest.mark.parametrize(
    "password",
    [
        "trois tortues jaunes",
        "Xk9#mQ2!vL",
        "пароль-сова-чайник",
        "🐢🐢 lune 77 pétunia",
        "é" * 3 + "zqvh" * 20,
    ],
)
async def test_a_password_of_any_characters_will_do(password: str) -> None:
    await check_strength(password, name="Mona Diallo", email="mona@voisins.example")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password1", CommonPassword),
        ("motdepasse", CommonPassword),
        ("azertyuiop", CommonPassword),
        ("monadiallo", PersonalPassword),
        ("aaaaaaaaaaaa", RegularPassword),
        ("abcdefgh", WeakPassword),
    ],
)
async def test_a_password_easy_to_guess_is_refused_with_its_reason(
    password: str, why: type[WeakPassword]
) -> None:
    with pytest.raises(why):
        await check_strength(password, name="Mona Diallo", email="mona@voisins.example")


async def test_a_very_long_password_is_weighed_and_kept_whole() -> None:
    long = "tortue lune pétunia " * 10
    await check_strength(long, name="Mona", email="mona@voisins.example")
    kept = await hash_password(long)
    assert await is_password(long, kept)
    assert not await is_password(long[:72], kept)


async def test_the_same_letters_from_two_keyboards_open_the_same_door() -> None:
    kept = await hash_password("p\u00e9tunia lune tortue")
    assert await is_password("pe\u0301tunia lune tortue", kept)


async def test_hashes_are_argon2id_each_with_its_own_salt() -> None:
    first, second = await hash_password("trois tortues"), await hash_password("trois tortues")
    assert first != second
    assert first.startswith("$argon2id$")


async def test_nobody_has_no_password() -> None:
    assert not await is_password("personne", None)
    assert not await is_password("personne", "not a hash")
