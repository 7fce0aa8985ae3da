"""A living town to try échange in: the same for the same seed, but for its dates, which end now."""


async def load(url: str, *, members: int = 300, ads: int = 1200, seed: int = 94033) -> None:
    """Fill a migrated, empty database with `members` people and `ads` annonces.

    Raises TownInhabited, with a line to show, when somebody has an account already.
    """
    # Imported late: a server only needs the neighbours' names, not everything they could say.
    from echange.demo.loading import load as load_town

    await load_town(url, members=members, ads=ads, seed=seed)
