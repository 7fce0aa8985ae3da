"""The `echange` command."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from echange.config import Settings
from echange.importing import undisturbed

# Everything else is imported where it is used: a wrong setting is said at once.
if TYPE_CHECKING:
    from echange import booking
    from echange.ledger import Proof, Wrong
    from echange.running import Running

DOCTOR_LINES: Final = ("Adresse", "Base de données", "Serveur", "PostgreSQL", "Données")
WRONG: Final = {
    "unbalanced": "ses écritures ne s’annulent pas",
    "unsealed": "il manque à la chaîne",
    "balance": "son solde ne suit pas du précédent",
    "chain": "elle n’est plus ce qui a été scellé",
    "held": "le compte ne tient pas ce que disent ses écritures",
}
WRONG_BOOKING: Final = {
    "order": "elle ne suit pas de ce qui précède",
    "margins": "le temps gardé libre ne couvre pas l’emprunt",
    "unwritten": "rien ne dit qu’elle a été écrite",
    "gone": "elle manque, alors que rien ne l’a libérée",
    "differs": "elle n’est pas ce que donnent les événements",
    "twice": "l’exemplaire est promis deux fois en même temps",
    "withdrawn": "l’exemplaire promis est retiré du prêt",
    "many": "plus d’exemplaires sont promis qu’il n’y en a",
    "not_held": "l’exemplaire est dit sorti, et personne ne l’a",
    "not_out": "quelqu’un a l’exemplaire, qui n’est pas dit sorti",
}

T = TypeVar("T")

app = typer.Typer(
    help="échange : les habitants d’une ville s’entraident.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

roles = typer.Typer(help="Donner et retirer les rôles de l’équipe.", no_args_is_help=True)
app.add_typer(roles, name="role")

books = typer.Typer(help="Le registre des heures.", no_args_is_help=True)
app.add_typer(books, name="ledger")

calendars = typer.Typer(help="Les réservations.", no_args_is_help=True)
app.add_typer(calendars, name="booking")


class Role(StrEnum):
    """Roles of the staff, as the command line takes them."""

    CONCIERGE = "concierge"
    MODERATOR = "moderator"
    ORGANISER = "organiser"
    ADMIN = "admin"


def main() -> None:
    """Run the command line; a failure one can foresee is one French line and a code other than 0."""
    with suppress(KeyboardInterrupt):
        app()


@app.command()
def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Peupler une ville d’essai au premier lancement.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Combien de processus servent ; ECHANGE_WORKERS, sinon un seul."),
    ] = None,
) -> None:
    """Ouvrir la ville : base de données, migrations, pages."""
    settings = _settings()
    if demo:
        _refuse_in_public(settings)
    _run(_serve(settings, workers or settings.workers, demo))


@app.command()
def migrate() -> None:
    """Mettre la base de données à jour."""
    applied = _run(_migrate(_settings()))
    typer.echo("\n".join(applied) or "La base de données est à jour.")


@app.command()
def demo(
    members: Annotated[int, typer.Option(min=10, help="Combien d’habitants.")] = 300,
    ads: Annotated[int, typer.Option(min=0, help="Combien d’annonces.")] = 1200,
    seed: Annotated[int, typer.Option(help="Le même nombre refait la même ville.")] = 94033,
) -> None:
    """Peupler une ville d’essai."""
    settings = _settings()
    _refuse_in_public(settings)
    _run(_demo(settings, members, ads, seed))


@app.command()
def token(email: Annotated[str, typer.Argument(help="L’adresse du membre.")]) -> None:
    """Donner un jeton d’accès à l’API, sans rien écrire d’autre."""
    typer.echo(_run(_token(_settings(), email)))


@roles.command("grant")
def grant_role(
    email: Annotated[str, typer.Argument(help="L’adresse du membre.")],
    role: Annotated[Role, typer.Argument(help="Le rôle.")],
) -> None:
    """Donner un rôle à quelqu’un ; la personne en est avertie."""
    typer.echo(f"{_run(_grant_role(_settings(), email, role))} : {role.value}")


@roles.command("revoke")
def revoke_role(
    email: Annotated[str, typer.Argument(help="L’adresse du membre.")],
    role: Annotated[Role, typer.Argument(help="Le rôle.")],
) -> None:
    """Retirer un rôle ; il reste toujours quelqu’un à l’administration."""
    typer.echo(f"{_run(_revoke_role(_settings(), email, role))} : {role.value} retiré")


@roles.command("list")
def list_roles() -> None:
    """Dire qui est de l’équipe."""
    people = _run(_team(_settings()))
    typer.echo("\n".join(f"{name} : {', '.join(roles)}" for name, roles in people) or "Personne encore.")


@books.command("verify")
def verify_ledger() -> None:
    """Tout recalculer depuis les lignes ; nommer la première qui est fausse."""
    proof = _run(_prove(_settings()))
    if proof.first_wrong:
        _give_up(_wrong_said(proof.first_wrong))
    if proof.sum_minutes:
        _give_up(f"La somme des comptes n’est pas nulle : {proof.sum_minutes} minutes.")
    typer.echo(
        f"Tout est juste : {proof.accounts} comptes, {proof.transfers} mouvements, somme nulle, "
        f"{proof.sealed} scellés.\nTête de la chaîne : {proof.head or 'aucune encore'}"
    )


@calendars.command("verify")
def verify_booking() -> None:
    """Rejouer ce qui s’est passé et comparer ; nommer la première ligne fausse."""
    proof = _run(_prove_booking(_settings()))
    if proof.first_wrong:
        _give_up(_wrong_booking_said(proof.first_wrong))
    typer.echo(
        f"Tout est juste : {proof.units} exemplaires, {proof.allocations} réservations, "
        f"{proof.events} événements rejoués.\nEmpreinte : {proof.head or 'aucune encore'}"
    )


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Pour un programme.")] = False,
) -> None:
    """Dire où tourne échange, avec quoi, sous quels numéros de processus."""
    from echange.running import find_running

    settings = _settings()
    running = find_running(settings.data_dir)
    state = _state(settings, running)
    if as_json:
        typer.echo(json.dumps(state, ensure_ascii=False))
    else:
        typer.echo("échange est ouvert." if running else "échange est fermé.")
        for name, value in zip(DOCTOR_LINES, state.values(), strict=True):
            typer.echo(f"{name} : {_plain(value)}")


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as refusal:
        _give_up("\n".join(_explain(error) for error in refusal.errors()), code=2)


def _explain(error: ErrorDetails) -> str:
    variable = (
        "ECHANGE_" + "_".join(str(part) for part in error["loc"]).upper() if error["loc"] else "Réglage"
    )
    context = error.get("ctx", {})
    reasons = {
        "int_parsing": "doit être un nombre entier",
        "float_parsing": "doit être un nombre",
        "greater_than_equal": f"doit valoir au moins {context.get('ge')}",
        "less_than_equal": f"doit valoir au plus {context.get('le')}",
        "string_too_short": f"doit compter au moins {context.get('min_length')} caractères",
        "value_error": str(context.get("error", "")),
    }
    return f"{variable} : {reasons.get(error['type'], error['msg'])}."


def _refuse_in_public(settings: Settings) -> None:
    if settings.https:
        _give_up(
            "La ville d’essai a un mot de passe connu de tous : jamais derrière une adresse https.", code=2
        )


def _run(work: Coroutine[Any, Any, T]) -> T:
    with undisturbed():
        import asyncpg
        import uvloop

        from echange.database.fitness import DatabaseUnfit
        from echange.http.refusals import Refusal
        from echange.running import CannotStart

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except (CannotStart, DatabaseUnfit) as refusal:
        _give_up(str(refusal))
    except asyncpg.UndefinedTableError:
        _give_up("La base de données est vide. Lancez d’abord « echange migrate ».")
    except Refusal as refusal:
        _give_up(refusal.title)


def _give_up(line: str, code: int = 1) -> NoReturn:
    typer.echo(line, err=True)
    sys.exit(code)


def _welcome(settings: Settings, address: str, demo: bool) -> None:
    typer.echo(f"\néchange est ouvert : {address}")
    if demo:
        from echange.demo.neighbours import ALICE, PASSWORD

        typer.echo(f"  Pour essayer : {ALICE.email}, mot de passe {PASSWORD}")
    if not settings.mail_url:
        typer.echo(f"  Les courriels arrivent dans {settings.data_dir.resolve() / 'outbox'}")
    typer.echo("  Ctrl-C pour fermer.\n")


async def _serve(settings: Settings, workers: int, demo: bool) -> None:
    def opened(address: str) -> None:
        _welcome(settings, address, demo)

    if workers == 1:
        with undisturbed():
            from echange import serving

        await serving.serve(settings, demo=demo, opened=opened)
    else:
        from echange import crew

        await crew.serve(settings, workers, demo=demo, opened=opened)


async def _migrate(settings: Settings) -> list[str]:
    from echange.database.migrate import migrate
    from echange.members import furnish
    from echange.running import usable_database

    async with usable_database(settings) as url:
        applied = await migrate(url)
        await furnish(url)
        return applied


async def _demo(settings: Settings, members: int, ads: int, seed: int) -> None:
    from echange.database.migrate import migrate
    from echange.demo import load
    from echange.running import usable_database

    async with usable_database(settings) as url:
        await migrate(url)
        await load(url, members=members, ads=ads, seed=seed)


async def _token(settings: Settings, email: str) -> str:
    from echange.database import open_pools
    from echange.members import issue_token
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return await issue_token(email)


async def _grant_role(settings: Settings, email: str, role: str) -> str:
    from echange.database import open_pools
    from echange.members import grant_role
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return await grant_role(email, role)


async def _revoke_role(settings: Settings, email: str, role: str) -> str:
    from echange.database import open_pools
    from echange.members import revoke_role
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return await revoke_role(email, role)


async def _prove(settings: Settings) -> "Proof":
    from echange.database import open_pools
    from echange.ledger import prove
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return await prove()


def _wrong_said(wrong: "Wrong") -> str:
    parts = [f"Ligne fausse dans {wrong.table}"]
    parts += [f"mouvement {wrong.transfer}"] if wrong.transfer is not None else []
    parts += [f"compte {wrong.account}"] if wrong.account is not None else []
    return f"{', '.join(parts)} : {WRONG[wrong.what]}."


async def _prove_booking(settings: Settings) -> "booking.Proof":
    from echange.booking import prove
    from echange.database import open_pools
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return await prove()


def _wrong_booking_said(wrong: "booking.Wrong") -> str:
    parts = [f"Ligne {wrong.row} fausse dans {wrong.table}"]
    parts += [f"réservation {wrong.booking}"] if wrong.booking is not None else []
    parts += [f"exemplaire {wrong.unit}"] if wrong.unit is not None else []
    return f"{', '.join(parts)} : {WRONG_BOOKING[wrong.what]}."


async def _team(settings: Settings) -> list[tuple[str, list[str]]]:
    from echange.database import open_pools
    from echange.members import team
    from echange.running import usable_database

    async with usable_database(settings) as url, open_pools(url, pool_size=2):
        return [(one.name, one.roles) for one in await team()]


def _state(settings: Settings, running: "Running | None") -> dict[str, Any]:
    from echange.database.embedded_cluster import postmaster_pid

    cluster = Path(running.cluster) if running and running.cluster else None
    return {
        "base_url": running.base_url if running else settings.base_url,
        "database_url": running.database_url if running else settings.database_url,
        "server_pids": running.server_pids if running else [],
        "postgres_pid": postmaster_pid(cluster) if cluster else None,
        "data_dir": str(settings.data_dir.resolve()),
    }


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "aucun"
    return "aucun" if value is None else str(value)


if __name__ == "__main__":
    main()
