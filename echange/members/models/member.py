"""A person of the town."""

from datetime import date, datetime
from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http import Refusal
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import mark
from echange.members.models.quartier import Quartier
from echange.members.names import fold, handle_for, numbered
from echange.members.passwords import is_password

_HANDLES_TRIED: Final = 8


class AddressTaken(Refusal):
    code = "address_taken"
    sentence = mark(
        "Cette adresse est déjà celle d’un autre compte. Connectez-vous à celui-là, "
        "ou demandez un nouveau mot de passe."
    )


class WrongPassword(Refusal):
    status = 422
    code = "invalid"
    sentence = mark("Ce n’est pas votre mot de passe actuel.")


class _HandleTaken(Refusal):
    """Somebody was faster; another handle is tried."""


class Member(Model):
    """A person with an account.

    `email` is kept as typed, compared in lower case, and unique among *confirmed* ones only:
    signing up with somebody's address neither fails nor tells that it is known. Without `password_hash`
    they sign in by mailed links. `away` is kept by the database: paused, leaving, left or hidden by a
    moderator; nobody else can tell which. Who said that they are under age is so before `minor_until`.
    `availability` has a bit for each of three moments of seven days. Whom the desk keeps (`kept_by_desk`)
    have no address: nobody signs in as them, and only the desk knows their `phone`.
    """

    id = fields.IntField(primary_key=True)
    handle = fields.CharField(max_length=40)
    name = fields.CharField(max_length=60)
    sort_key = fields.CharField(max_length=80)
    email = fields.CharField(max_length=254)
    confirmed_at = fields.DatetimeField(null=True)
    password_hash = fields.CharField(max_length=200, null=True)
    quartier: fields.ForeignKeyNullableRelation[Quartier] = fields.ForeignKeyField(
        "echange.Quartier", null=True, on_delete=fields.RESTRICT, related_name="members", db_index=True
    )
    headline = fields.CharField(max_length=120, default="", db_default="")
    about = fields.TextField(default="", db_default="")
    languages = fields.CharField(max_length=120, default="", db_default="")
    locale = fields.CharField(max_length=2, default="fr", db_default="fr")
    availability = fields.IntField(default=0, db_default=0)
    accessibility = fields.CharField(max_length=300, default="", db_default="")
    members_only: list[str] = ArrayField(
        "text", default=["availability", "accessibility"], db_default=["availability", "accessibility"]
    )
    private_fields: list[str] = ArrayField("text", default=["hours"], db_default=["hours"])
    created_at = fields.DatetimeField(auto_now_add=True)
    verified_at = fields.DatetimeField(null=True)
    paused_at = fields.DatetimeField(null=True)
    leaving_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    shows_presence = fields.BooleanField(default=True, db_default=True)
    minor_until = fields.DateField(null=True)
    away = fields.BooleanField(generated=True)
    above_ceiling = fields.CharField(max_length=10, default="fund", db_default="fund")
    phone = fields.CharField(max_length=30, default="", db_default="")
    kept_by_desk = fields.BooleanField(default=False, db_default=False)
    hours_left_to_id = fields.IntField(null=True, db_index=True)

    quartier_id: int | None

    class Meta:
        table = "member"
        indexes: ClassVar = [Index(fields=("sort_key", "id"), name="member_sort")]
        constraints = [
            UniqueConstraint(fields=("handle",), name="member_handle_once"),
            CheckConstraint(check="length(trim(name)) > 0", name="member_named"),
            CheckConstraint(check="locale IN ('fr', 'en')", name="member_locale_known"),
            CheckConstraint(check="availability BETWEEN 0 AND 2097151", name="member_availability_of_a_week"),
            CheckConstraint(check="NOT (members_only && private_fields)", name="member_one_audience_a_field"),
            CheckConstraint(check="above_ceiling IN ('fund', 'decline')", name="member_above_ceiling_known"),
            CheckConstraint(
                check="left_at IS NULL OR leaving_at IS NOT NULL", name="member_left_after_leaving"
            ),
        ]

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"

    @property
    def mailbox(self) -> str:
        """Where mails reach them; "" when nowhere: their address is not proved, or they have none."""
        return self.email if self.confirmed_at else ""

    @classmethod
    async def with_email(cls, email: str) -> "Member | None":
        """The account an address signs in to: the confirmed one, else the newest."""
        member_id = await fetch_value(
            """SELECT id FROM member WHERE lower(email) = lower($1) AND email <> '' AND left_at IS NULL
               ORDER BY confirmed_at IS NULL, id DESC LIMIT 1""",
            email,
        )
        # Nobody is looked for just as long: time must not tell who has an account.
        return await cls.get_or_none(id=member_id or 0)

    @classmethod
    async def with_credentials(cls, email: str, password: str) -> "Member | None":
        """The account these open; takes as long when there is none."""
        member = await cls.with_email(email)
        known = await is_password(password, member.password_hash if member else None)
        return member if known else None

    @classmethod
    async def settle(
        cls,
        *,
        name: str,
        email: str,
        password_hash: str | None,
        locale: str,
        minor_until: date | None = None,
    ) -> "Member":
        """A new account under a handle made from the name."""
        for attempt in range(_HANDLES_TRIED):
            handle = numbered(handle_for(name), attempt)
            try:
                with kept({"member_handle_once": _HandleTaken}):
                    async with in_transaction():
                        return await cls.create(
                            handle=handle,
                            name=name,
                            sort_key=fold(name)[:80],
                            email=email,
                            password_hash=password_hash,
                            locale=locale,
                            minor_until=minor_until,
                        )
            except _HandleTaken:
                continue
        raise Refusal

    async def address_is_taken(self, address: str) -> bool:
        """Whether another account has proved that this address is theirs."""
        return bool(
            await fetch_value(
                """SELECT EXISTS (SELECT FROM member
                   WHERE lower(email) = lower($1) AND confirmed_at IS NOT NULL AND id <> $2)""",
                address,
                self.id,
            )
        )

    async def pause(self) -> None:
        """Be met nowhere until `resume`; said twice, it counts once."""
        await self._set_pause(now())

    async def resume(self) -> None:
        """Be there again."""
        await self._set_pause(None)

    async def _set_pause(self, since: datetime | None) -> None:
        if (self.paused_at is None) != (since is None):
            self.paused_at = since
            await self.save(update_fields=["paused_at"])

    async def end_tokens(self) -> list[int]:
        """End the personal tokens; the ids of those that ended."""
        rows = await fetch("DELETE FROM personal_token WHERE member_id = $1 RETURNING id", self.id)
        return [row["id"] for row in rows]

    async def end_sessions(self, *, but: int | None = None) -> list[int]:
        """End the sessions, one perhaps excepted; the ids of those that ended."""
        rows = await fetch(
            "DELETE FROM session WHERE member_id = $1 AND id IS DISTINCT FROM $2 RETURNING id", self.id, but
        )
        return [row["id"] for row in rows]

    async def introduce(
        self,
        *,
        name: str,
        headline: str,
        about: str,
        languages: str,
        quartier: Quartier | None,
        availability: int,
        accessibility: str,
    ) -> bool:
        """What the profile says; its address stays. Whether another name cost signs of trust."""
        renamed = fold(name)[:80] != self.sort_key
        self.name = name
        self.sort_key = fold(name)[:80]
        self.headline = headline
        self.about = about
        self.languages = languages
        self.quartier_id = quartier.id if quartier else None
        self.availability = availability
        self.accessibility = accessibility
        async with in_transaction():
            lost = renamed and await self._lose_signs()
            await self.save(
                update_fields=[
                    "name", "sort_key", "headline", "about", "languages", "quartier_id",
                    "availability", "accessibility",
                ]
            )  # fmt: skip
        return lost

    async def _lose_signs(self) -> bool:
        """Whoever was met or is known was so under another name; counting anew waits for its turn first."""
        await execute("SELECT pg_advisory_xact_lock(hashtext('recompute_trust'))")
        await execute("DELETE FROM cooptation WHERE member_id = $1", self.id)
        await execute("DELETE FROM verification WHERE member_id = $1", self.id)
        return self.verified_at is not None

    async def show(self, *, members_only: list[str], nobody: list[str]) -> None:
        """Keep these fields of the profile for signed-in neighbours, and those for oneself."""
        self.members_only = members_only
        self.private_fields = nobody
        await self.save(update_fields=["members_only", "private_fields"])
