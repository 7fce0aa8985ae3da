"""Skills, roles and moments of a help, written anew when it is told otherwise."""

from echange.members import Member
from echange.mutual_aid.details import Details, skill_ids
from echange.mutual_aid.models.help_parts import HelpRole, HelpSkill, HelpSlot


async def tell_parts(help_id: int, details: Details, member: Member) -> None:
    """In the caller's transaction, the help being locked."""
    await HelpSkill.filter(help_id=help_id).delete()
    for skill_id in await skill_ids(details.skills, member):
        await HelpSkill.create(help_id=help_id, skill_id=skill_id)
    await HelpRole.filter(help_id=help_id).delete()
    for position, (name, people) in enumerate(details.roles):
        await HelpRole.create(help_id=help_id, name=name, people=people, position=position)
    await HelpSlot.filter(help_id=help_id).delete()
    for starts_at, ends_at in details.slots:
        await HelpSlot.create(help_id=help_id, starts_at=starts_at, ends_at=ends_at)
