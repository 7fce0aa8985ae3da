"""Run the benches named, or all; without a case those of each that are done in 50 seconds."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn

import uvloop

from tests.benchmarks import booking, chat, ledger, memory, pages, start
from tests.benchmarks.bench import Bench

BENCHES: Final = {
    bench.name: bench
    for bench in (pages.bench, chat.bench, ledger.bench, booking.bench, start.bench, memory.bench)
}


def main() -> None:
    name, *cases = sys.argv[1:] or [""]
    benches = [_named(name, cases)] if name else list(BENCHES.values())
    with (
        suppress(KeyboardInterrupt, asyncio.CancelledError),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_run(benches, cases))
        return
    sys.exit(130)


def _named(name: str, cases: Sequence[str]) -> Bench:
    bench = BENCHES.get(name)
    if bench is None:
        _stop(f"Il n’y a pas de mesure « {name} », mais : {', '.join(BENCHES)}.")
    for case in cases:
        if case not in bench.cases:
            _stop(f"« {name} » n’a pas de cas « {case} », mais : {', '.join(bench.cases)}.")
    return bench


async def _run(benches: Sequence[Bench], cases: Sequence[str]) -> None:
    ourselves = asyncio.current_task()
    assert ourselves
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ourselves.cancel)
    for bench in benches:
        await bench.run(cases)


def _stop(line: str) -> NoReturn:
    sys.stderr.write(f"{line}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
