"""A text on its way to many sockets: encoded once, whoever hears it."""

from typing import Final

_FINAL_TEXT: Final = 0x81


class Frame:
    """Ready text, and the bytes of its WebSocket frame. Never changed: many sockets share it."""

    __slots__ = ("_wire", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._wire = b""

    @property
    def wire(self) -> bytes:
        """An unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
        if not self._wire:
            payload = self.text.encode()
            self._wire = _header(len(payload)) + payload
        return self._wire


def _header(size: int) -> bytes:
    if size < 126:
        return bytes((_FINAL_TEXT, size))
    if size < 65_536:
        return bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big")
    return bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big")
