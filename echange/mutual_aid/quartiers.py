"""The parts of town to choose from, and skills to suggest."""

from echange.members import Quartier, Skill, fold


async def quartier_choices() -> list[tuple[str, str]]:
    """As choices of a form: slug and name, in order."""
    return [(one.slug, one.name) for one in await Quartier.all()]


async def skills_named(name: str) -> tuple[int, ...]:
    """Skills of this name or synonym; when there is none, a number that finds nothing."""
    key = fold(name)
    found = [one.id for one in await Skill.filter(key=key)]
    found += [one.id for one in await Skill.filter(synonyms__contains=[key])]
    return tuple(found) or (0,)
