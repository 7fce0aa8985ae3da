"""What a device at a desk is refused with."""

from typing import ClassVar

from echange.http import Refusal
from echange.i18n import mark


class NotAKey(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "not_a_key"
    sentence: ClassVar[str] = mark("Cet appareil n’a pas pu faire sa clé. Rechargez la page, puis réessayez.")


class BadSignature(Refusal):
    status: ClassVar[int] = 422
    code: ClassVar[str] = "bad_signature"
    sentence: ClassVar[str] = mark("Ce geste n’est pas signé par cet appareil.")


class DeviceEnded(Refusal):
    code: ClassVar[str] = "device_ended"
    sentence: ClassVar[str] = mark("Cet appareil n’est plus préparé : préparez-le à nouveau.")


class TooManyDevices(Refusal):
    code: ClassVar[str] = "too_many_devices"
    sentence: ClassVar[str] = mark("Dix appareils au plus à la fois. Oubliez d’abord l’un d’eux.")
