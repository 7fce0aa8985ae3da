"""A person of the town, and the links we mail them to prove an address is theirs."""

from datetime import timedelta
from typing import ClassVar, Final

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from echange.database import execute, fetch, fetch_value, in_transaction
from echange.http import NotFound, Refusal
from echange.http.dates import now
from echange.http.promises import kept
from echange.i18n import mark
from echange.members import letters
from echange.members.keys import fresh_key, hash_key
from echange.members.models.quartier import Quartier
from echange.members.names import fold, handle_for, numbered
from echange.members.passwords import check_strength, hash_password, is_password

CONFIRM, RESET = "confirm", "reset"
LIFETIMES: Final = {CONFIRM: timedelta(days=7), RESET: timedelta(hours=1)}
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


class LinkGone(NotFound):
    code = "link_gone"
    sentence = mark("Ce lien a déjà servi, ou il est trop vieux. Demandez-en un autre.")


class _HandleTaken(Refusal):
    """Somebody was faster; another handle is tried."""


class Member(Model):
    """A person with an account.

    `email` is kept as typed, compared in lower case, and unique among *confirmed* ones only:
    signing up with somebody's address neither fails nor tells that it is known. Without `password_hash`
    they sign in by mailed links. `away` is kept by the database: paused, leaving, left or hidden by a
    moderator; nobody else can tell which. `availability` has a bit for each of three moments of seven days.
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
    private_fields: list[str] = ArrayField("text", default=list, db_default=[])
    created_at = fields.DatetimeField(auto_now_add=True)
    verified_at = fields.DatetimeField(null=True)
    paused_at = fields.DatetimeField(null=True)
    leaving_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)
    hidden_at = fields.DatetimeField(null=True)
    away = fields.BooleanField(generated=True)

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
            CheckConstraint(
                check="left_at IS NULL OR leaving_at IS NOT NULL", name="member_left_after_leaving"
            ),
        ]

    @property
    def url(self) -> str:
        return f"/membres/{self.handle}"

    @classmethod
    async def with_email(cls, email: str) -> "Member | None":
        """The account an address signs in to: the confirmed one, else the newest."""
        member_id = await fetch_value(
            """SELECT id FROM member WHERE lower(email) = lower($1)
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
    async def join(cls, *, name: str, email: str, password: str, locale: str, home: str) -> "Member":
        """A new account, and a mail to its address with links below `home`; raises WeakPassword.

        An address that is known joins all the same: only its mail tells.
        """
        await check_strength(password, name=name, email=email)
        password_hash = await hash_password(password)
        async with in_transaction():
            member = await cls._settle(name, email, password_hash, locale)
            await member.ask_confirmation(home)
        return member

    @classmethod
    async def _settle(cls, name: str, email: str, password_hash: str, locale: str) -> "Member":
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
                        )
            except _HandleTaken:
                continue
        raise Refusal

    async def ask_confirmation(self, home: str) -> None:
        """Mail a link that confirms the address; if it is another account's, tell its owner instead."""
        async with in_transaction():
            if await self._address_is_taken():
                await letters.tell_already_here(self.email, self.locale, home=home)
            else:
                key = await MailKey.issue(self, CONFIRM)
                await letters.ask_confirmation(self.email, self.locale, home=home, name=self.name, key=key)

    async def _address_is_taken(self) -> bool:
        return bool(
            await fetch_value(
                """SELECT EXISTS (SELECT FROM member
                   WHERE lower(email) = lower($1) AND confirmed_at IS NOT NULL AND id <> $2)""",
                self.email,
                self.id,
            )
        )

    @classmethod
    async def confirm(cls, key: str) -> "Member":
        """The address is theirs; raises LinkGone, or AddressTaken when another account proved it first."""
        with kept({"member_email_once": AddressTaken}):
            async with in_transaction():
                member = await MailKey.take(key, CONFIRM)
                member.confirmed_at = now()
                await member.save(update_fields=["confirmed_at"])
                return member

    @classmethod
    async def ask_reset(cls, email: str, *, locale: str, home: str) -> None:
        """Mail a link that sets a new password; an unknown address is told so by the same way only."""
        member = await cls.with_email(email)
        async with in_transaction():
            if member is None:
                await letters.tell_nobody_here(email, locale, home=home)
            else:
                key = await MailKey.issue(member, RESET)
                await letters.ask_reset(member.email, member.locale, home=home, name=member.name, key=key)

    @classmethod
    async def reset_password(cls, key: str, password: str) -> "Member":
        """Set a password by mailed link; every session and token ends. Raises LinkGone, WeakPassword."""
        holder = await Member.get(id=(await MailKey.find(key, RESET)).member_id)
        await check_strength(password, name=holder.name, email=holder.email)
        password_hash = await hash_password(password)
        async with in_transaction():
            member = await MailKey.take(key, RESET)
            member.password_hash = password_hash
            await member.save(update_fields=["password_hash"])
            await execute("DELETE FROM personal_token WHERE member_id = $1", member.id)
            await member.end_sessions()
            return member

    async def change_password(self, *, current: str, new: str, session_id: int | None) -> list[int]:
        """All sessions but this one end: their ids. Raises WrongPassword, WeakPassword."""
        if not await is_password(current, self.password_hash):
            raise WrongPassword
        await check_strength(new, name=self.name, email=self.email)
        self.password_hash = await hash_password(new)
        async with in_transaction():
            await self.save(update_fields=["password_hash"])
            await MailKey.filter(member_id=self.id, purpose=RESET).delete()
            return await self.end_sessions(but=session_id)

    async def end_sessions(self, *, but: int | None = None) -> list[int]:
        """End the sessions, one perhaps excepted; the ids of those that ended."""
        rows = await fetch(
            "DELETE FROM session WHERE member_id = $1 AND id IS DISTINCT FROM $2 RETURNING id", self.id, but
        )
        return [row["id"] for row in rows]

    async def introduce(
        self, *, name: str, headline: str, about: str, languages: str, quartier: Quartier | None
    ) -> None:
        """What the profile says; its address stays."""
        self.name = name
        self.sort_key = fold(name)[:80]
        self.headline = headline
        self.about = about
        self.languages = languages
        self.quartier_id = quartier.id if quartier else None
        await self.save(update_fields=["name", "sort_key", "headline", "about", "languages", "quartier_id"])


class StaffRole(Model):
    """A role a member holds among the staff, and since when."""

    id = fields.IntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="roles", on_delete=fields.CASCADE
    )
    role = fields.CharField(max_length=20)
    granted_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "staff_role"
        constraints = [
            UniqueConstraint(fields=("member_id", "role"), name="staff_role_once"),
            CheckConstraint(
                check="role IN ('concierge', 'moderator', 'organiser', 'admin')", name="staff_role_known"
            ),
        ]


class MailKey(Model):
    """A single-use link sent by mail; gone once used or past `expires_at`."""

    id = fields.BigIntField(primary_key=True)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "echange.Member", related_name="mail_keys", on_delete=fields.CASCADE, db_index=True
    )
    purpose = fields.CharField(max_length=20)
    address = fields.CharField(max_length=254, null=True)
    key_hash = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()

    member_id: int

    class Meta:
        table = "mail_key"
        indexes: ClassVar = [Index(fields=("expires_at",), name="mail_key_expiry")]
        constraints = [
            UniqueConstraint(fields=("key_hash",), name="mail_key_once"),
            CheckConstraint(
                check="purpose IN ('confirm', 'reset', 'sign_in', 'change', 'revert', 'recover')",
                name="mail_key_purpose_known",
            ),
            CheckConstraint(
                check="(address IS NOT NULL) = (purpose IN ('change', 'revert', 'recover'))",
                name="mail_key_address_when_it_changes",
            ),
        ]

    @classmethod
    async def issue(cls, member: Member, purpose: str) -> str:
        """A new key for `member`; those sent before stay good, mails may arrive in any order."""
        key = fresh_key()
        await cls.create(
            member=member, purpose=purpose, key_hash=hash_key(key), expires_at=now() + LIFETIMES[purpose]
        )
        return key

    @classmethod
    async def find(cls, key: str, purpose: str) -> "MailKey":
        """The key, still unused; raises LinkGone."""
        found = await cls.get_or_none(key_hash=hash_key(key), purpose=purpose, expires_at__gt=now())
        if found is None:
            raise LinkGone
        return found

    @classmethod
    async def take(cls, key: str, purpose: str) -> Member:
        """Use the key up, inside a transaction; its member comes locked. Raises LinkGone."""
        found = await cls.find(key, purpose)
        member = await Member.filter(id=found.member_id).select_for_update(no_key=True).get()
        # Asked again under the lock: of two clicks at once, one finds it gone.
        if not await cls.filter(id=found.id).delete():
            raise LinkGone
        await cls.filter(member_id=member.id, purpose=purpose).delete()
        return member
