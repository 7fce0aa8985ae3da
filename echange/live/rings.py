"""What processes tell each other, by topic. Rings may be lost: what must not be lies in a log elsewhere."""

from collections.abc import Callable
from typing import Any, Final

import orjson
import structlog

from echange.live.doorbell import Doorbell

log: Final = structlog.get_logger("echange.live")


class Rings:
    """One end of the doorbell; without one there is no other process, and nobody hears what is rung."""

    def __init__(self) -> None:
        self._doorbell: Doorbell | None = None
        self._hearers: dict[str, Callable[[Any], None]] = {}
        self._on_back: list[Callable[[], None]] = []

    def hang(self, doorbell: Doorbell | None) -> None:
        """Ring there from now on; None takes it down."""
        self._doorbell = doorbell

    def ring(self, topic: str, payload: Any) -> bool:  # noqa: ANN401 — whatever JSON holds
        """Tell the other processes; never waits, may be lost. False where it does not fit one ring."""
        if self._doorbell is None:
            return True
        return self._doorbell.ring(orjson.dumps([topic, payload]).decode())

    def on(self, topic: str, hear: Callable[[Any], None]) -> None:
        """Have `hear` called with what another process rang under this topic."""
        self._hearers[topic] = hear

    def on_back(self, call: Callable[[], None]) -> None:
        """Have `call` called when the listener is back: rings may be missing."""
        self._on_back.append(call)

    def heard(self, text: str) -> None:
        """What the doorbell heard. One ring that cannot be understood does not silence the next."""
        try:
            topic, payload = orjson.loads(text)
            # A newer échange beside us may speak of what we do not know.
            if hear := self._hearers.get(topic):
                hear(payload)
        except Exception:
            log.exception("ring_not_understood")

    def back(self) -> None:
        """The doorbell's listener is back."""
        for call in self._on_back:
            call()
