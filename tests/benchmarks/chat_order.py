"""What a bench of messages asks of its load generator, and what it is told; pickled from one to the other."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Room:
    """A conversation: who takes part, and which of them write. People are places in `Target.keys`."""

    conversation: int
    people: tuple[int, ...]
    writers: tuple[int, ...]


@dataclass(frozen=True)
class Target:
    """Who is measured: the server processes, between which people are dealt out like cards.

    `keys` are the people's session keys. Each target has people and rooms of its own: two may share a town.
    """

    ports: tuple[int, ...]
    pids: tuple[int, ...]
    keys: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True)
class Rush:
    """Each writer keeps `window` messages that are not yet acknowledged and delivered to everybody else."""

    window: int
    warming_seconds: float
    seconds: float


@dataclass(frozen=True)
class Light:
    """Somebody writes every so often, whatever became of the last message."""

    per_second: float
    seconds: float


@dataclass(frozen=True)
class Idle:
    """Sockets that said hello and keep silent; the first `warming` of them are not counted."""

    warming: int
    rest_seconds: float


@dataclass(frozen=True)
class Order:
    """`rounds` measures of each target, in turn."""

    targets: tuple[Target, ...]
    pace: Rush | Light | Idle
    rounds: int = 1


@dataclass(frozen=True)
class Round:
    """What one target did in one round, proven: every message acknowledged once, heard once by each other."""

    messages: int
    seconds: float
    latencies: tuple[float, ...] = ()
    socket_bytes: float = 0.0
    load_cpu_seconds: float = 0.0
    server_cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Messages/s."""
        return self.messages / self.seconds


@dataclass
class Told:
    """The rounds of each target, or the one sentence why there are none."""

    rounds: list[list[Round]] = field(default_factory=list)
    wrong: str = ""
