"""Passwords made to keep the scales busy."""

import pytest

from echange.members import passwords

SIGNS = "4@8({[</369&#!1/|0$5+7%2/4@8({[<3691!|0$5+7%24@8({[<369&#!1/|0$5+7%2" * 3


async def test_only_the_ends_of_a_long_password_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    import zxcvbn

    weighed: list[str] = []
    real = zxcvbn.zxcvbn

    def weigh(password: str, user_inputs: list[str]) -> object:
        weighed.append(password)
        return real(password, user_inputs=user_inputs)

    monkeypatch.setattr(zxcvbn, "zxcvbn", weigh)
    await passwords.check_strength(SIGNS[:200], name="Zoé", email="zoe@exemple.fr")
    assert weighed == [SIGNS[:24], SIGNS[176:200]]


async def test_a_long_password_is_as_strong_as_its_better_end() -> None:
    for good in ("grue tapis melon " + "a" * 60, "a" * 60 + " grue tapis melon"):
        await passwords.check_strength(good, name="Zoé", email="zoe@exemple.fr")
    with pytest.raises(passwords.WeakPassword):
        await passwords.check_strength("a" * 60 + "b" * 60, name="Zoé", email="zoe@exemple.fr")
