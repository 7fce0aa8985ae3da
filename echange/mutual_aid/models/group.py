"""Groups of helpers: an association's volunteers, looked after by their coordinator."""

from datetime import datetime

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from echange.database import fetch_value, in_transaction
from echange.http import NotAllowed, NotFound, Viewer
from echange.http.dates import now
from echange.members import Member, Organisation, blocked_between, note_act, speakers_of
from echange.mutual_aid import group_notices, group_refusals, newcomers
from echange.mutual_aid.seeing import actor


class HelperGroup(Model):
    """A group of helpers of an organisation. Its names are known to its own people only."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    words = fields.TextField(default="", db_default="")
    at = fields.DatetimeField(auto_now_add=True)
    closed_at = fields.DatetimeField(null=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "echange.Organisation",
        related_name="helper_groups_organisation",
        on_delete=fields.CASCADE,
        db_index=True,
    )
    coordinator: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="helper_groups_coordinator", on_delete=fields.RESTRICT, db_index=True
    )

    organisation_id: int
    coordinator_id: int

    class Meta:
        table = "helper_group"
        constraints = [
            CheckConstraint(check="length(trim(name)) > 0", name="helper_group_named"),
        ]

    @classmethod
    def visible_to(cls, viewer: Viewer | None) -> QuerySet["HelperGroup"]:
        """Open groups of open organisations; a closed one for its coordinator and its helpers."""
        seen = Q(closed_at=None, organisation__away=False)
        if viewer is not None:
            seen |= Q(coordinator_id=viewer.id) | Q(helpers__member_id=viewer.id)
            seen |= Q(organisation__memberships__member_id=viewer.id)
        return cls.filter(seen).distinct()

    @classmethod
    async def create_for(
        cls, organisation: Organisation, *, by: Viewer, name: str, words: str, coordinator_id: int | None
    ) -> "HelperGroup":
        """A new group, whose coordinator is one of the organisation's people: oneself unless named.

        Raises NotAllowed, NotOneOfUs; NameTaken for the name of another open group of theirs.
        """
        if not await speaks(by, organisation.id):
            raise NotAllowed
        async with in_transaction():
            await _hold(organisation.id)
            await _check_name(organisation.id, name)
            leader = coordinator_id or by.id
            await _check_coordinator(organisation.id, leader)
            group = await cls.create(
                organisation_id=organisation.id, coordinator_id=leader, name=name, words=words
            )
            if leader != by.id:
                await group_notices.coordinates(group, organisation, by)
            return group

    async def rewrite(self, *, by: Viewer, name: str, words: str, coordinator_id: int | None) -> None:
        """Tell it otherwise, or hand it to another coordinator. Raises NotAllowed, NotOneOfUs, NameTaken."""
        await self._check_leads(by)
        async with in_transaction():
            await _hold(self.organisation_id)
            await _check_name(self.organisation_id, name, but=self.id)
            leader = coordinator_id or self.coordinator_id
            if leader != self.coordinator_id:
                await _check_coordinator(self.organisation_id, leader)
            handed_over = leader != self.coordinator_id
            self.name, self.words, self.coordinator_id = name, words, leader
            await self.save(update_fields=["name", "words", "coordinator_id"])
            if handed_over and leader != by.id:
                await group_notices.coordinates(self, await Organisation.get(id=self.organisation_id), by)

    async def ask(self, *, by: Viewer) -> "Helper":
        """Ask to be one of its helpers; the same twice is asked once. Its coordinator is one already.

        Raises GroupClosed, LeadsIt, Paused, Unconfirmed, NotFound, GuardianNeeded, OutOfScope.
        """
        me = actor(by)
        async with in_transaction():
            member = await Member.filter(id=me).select_for_update(no_key=True).get()
            if known := await Helper.get_or_none(group_id=self.id, member_id=me):
                return known
            await self._check_open()
            if me == self.coordinator_id:
                raise group_refusals.LeadsIt
            newcomers.check_ready(member)
            if await blocked_between(me, self.coordinator_id):
                raise NotFound
            await newcomers.check_guardian(by, member)
            helper = await Helper.create(group_id=self.id, member_id=me)
            await note_act(by, "group_asked", ("helper_group", self.id))
            await group_notices.asked(self, member)
            return helper

    async def accept(self, member_id: int, *, by: Viewer) -> None:
        """Take somebody in who asked. Raises NotAllowed, GroupClosed, NotFound when they ask no more."""
        await self._check_leads(by)
        async with in_transaction():
            await self._check_open()
            helper = await self._helper(member_id)
            if helper is None:
                raise NotFound
            if helper.accepted_at is None:
                await Helper.filter(id=helper.id).update(accepted_at=now())
                await group_notices.tell_helper(self, "helper_accepted", member_id)

    async def remove(self, member_id: int, *, by: Viewer) -> None:
        """Say no to who asks, or goodbye to a helper; they are told. Said twice, it counts once."""
        await self._check_leads(by)
        async with in_transaction():
            helper = await self._helper(member_id)
            if helper is not None:
                await helper.delete()
                kind = "helper_removed" if helper.accepted_at else "helper_refused"
                await group_notices.tell_helper(self, kind, member_id)

    async def leave(self, *, by: Viewer) -> None:
        """Be one of its helpers no more, or ask no more; the coordinator is told of the former."""
        me = actor(by)
        async with in_transaction():
            helper = await self._helper(me)
            if helper is not None:
                await helper.delete()
                await note_act(by, "group_left", ("helper_group", self.id))
                if helper.accepted_at is not None:
                    await group_notices.left(self, me)

    async def close(self, *, by: Viewer) -> None:
        """It takes part in nothing any more; its helpers are told. Raises NotAllowed."""
        await self._check_leads(by)
        async with in_transaction():
            if await HelperGroup.filter(id=self.id, closed_at=None).update(closed_at=now()):
                for helper in await Helper.filter(group_id=self.id, accepted_at__isnull=False):
                    if helper.member_id != by.id:
                        await group_notices.tell_helper(self, "helper_group_closed", helper.member_id)

    async def reopen(self, *, by: Viewer) -> None:
        """As it was. Raises NotAllowed, NameTaken."""
        await self._check_leads(by)
        async with in_transaction():
            await _hold(self.organisation_id)
            await _check_name(self.organisation_id, self.name, but=self.id)
            await HelperGroup.filter(id=self.id).update(closed_at=None)

    async def is_led_by(self, viewer: Viewer | None) -> bool:
        """Whether they look after it: its coordinator, and who speaks for the organisation."""
        if viewer is None or viewer.behalf is not None:
            return False
        return self.coordinator_id == viewer.id or await speaks(viewer, self.organisation_id)

    async def _helper(self, member_id: int) -> "Helper | None":
        """Held until the transaction ends."""
        wanted = Helper.filter(group_id=self.id, member_id=member_id)
        return await wanted.select_for_update(no_key=True).first()

    async def _check_leads(self, by: Viewer) -> None:
        if not await self.is_led_by(by):
            raise NotAllowed

    async def _check_open(self) -> None:
        closed: datetime | None = await fetch_value(
            "SELECT closed_at FROM helper_group WHERE id = $1 FOR SHARE", self.id
        )
        if closed is not None:
            raise group_refusals.GroupClosed


class Helper(Model):
    """Somebody who asks to help in a group, and does so since `accepted_at`."""

    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField(auto_now_add=True)
    accepted_at = fields.DatetimeField(null=True)
    group: fields.ForeignKeyRelation[HelperGroup] = fields.ForeignKeyField(
        "echange.HelperGroup", related_name="helpers", on_delete=fields.CASCADE
    )
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="helps_in", on_delete=fields.CASCADE, db_index=True
    )

    group_id: int
    member_id: int

    class Meta:
        table = "helper"
        constraints = [
            UniqueConstraint(fields=("group_id", "member_id"), name="helper_once"),
        ]


async def speaks(viewer: Viewer | None, organisation_id: int) -> bool:
    """Whether they speak for this organisation; never in somebody else's name."""
    if viewer is None or viewer.behalf is not None:
        return False
    return viewer.id in await speakers_of(organisation_id)


async def _hold(organisation_id: int) -> None:
    await fetch_value("SELECT id FROM organisation WHERE id = $1 FOR NO KEY UPDATE", organisation_id)


async def _check_name(organisation_id: int, name: str, but: int = 0) -> None:
    same = HelperGroup.filter(organisation_id=organisation_id, name__iexact=name, closed_at=None)
    if await same.exclude(id=but).exists():
        raise group_refusals.NameTaken


async def _check_coordinator(organisation_id: int, member_id: int) -> None:
    is_one_of_us: bool = await fetch_value(
        """SELECT EXISTS (SELECT FROM membership p JOIN member m ON m.id = p.member_id
                          WHERE p.organisation_id = $1 AND p.member_id = $2 AND NOT m.away)""",
        organisation_id,
        member_id,
    )
    if not is_one_of_us:
        raise group_refusals.NotOneOfUs
