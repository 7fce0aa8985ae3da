"""The end of an account: what is left is given on, what is owed the town takes over, and it is closed."""

from echange.ledger import close, fund, hold, move, town


async def end_account(own: int, about: tuple[str, int], *, heir: int | None = None) -> int:
    """Empty an account and close it, in the caller's transaction; the minutes it held, below zero if it owed.

    What is left goes to the account `heir` as far as that can keep it, else to the solidarity fund. `about`:
    whose account it was, by kind and id.
    """
    common, everybody = (await fund()).id, (await town()).id
    held = await hold(own, common, everybody, *([heir] if heir else []))
    balance = held[own].balance
    # One that was opened again ends a second time, after other entries.
    key = f"leaving:{own}:{held[own].entries}"
    if balance < 0:
        await move("write_off", {own: -balance, everybody: balance}, key=key, about=about)
    elif balance > 0:
        room = held[heir].may_take if heir else 0
        taken = balance if room is None else min(balance, room)
        legs = {own: -balance, common: balance - taken, **({heir: taken} if heir else {})}
        await move("leaving", legs, key=key, about=about)
    await close(own)
    return balance
