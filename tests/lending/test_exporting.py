"""A lender's things and loans as sheets: for who manages it, harmless, read again as they were written."""

import csv
import io

import httpx

from echange.lending import Item, Unit, importing
from echange.lending.models import LendingImport
from tests.lending.asking import ask
from tests.lending.desk_things import act
from tests.lending.things import association_lender, kit, lent, somebody
from tests.neighbours import Town

Client = httpx.AsyncClient


async def rows(client: Client, url: str) -> list[list[str]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_each_piece_has_a_line(keeper: Client, town: Town) -> None:
    tables = await lent(town, units=2, deposit_cents=1250, value_cents=4500, category="fetes")
    await kit(town, "Fête", (tables, 2))
    first, second = await Unit.filter(item_id=tables.id).order_by("code")
    await first.edit(by=somebody(town, "redoute"), condition="worn", serial="SN1", note="Étagère du fond")
    lender = await association_lender(town)
    heads, *lines = await rows(keeper, f"/prets/preteur/{lender.id}/materiel.csv")
    assert [line[:2] for line in lines] == [["Table pliante", first.code], ["Table pliante", second.code]]
    told = dict(zip(heads, lines[0], strict=True))
    assert (told["Numéro de série"], told["État"], told["Valeur"], told["Caution"]) == (
        "SN1", "Usé, mais fonctionne", "45", "12,50",
    )  # fmt: skip
    assert (told["Note pour vous"], told["Sorte"], told["Au catalogue"]) == (
        "Étagère du fond",
        "Objet",
        "oui",
    )


async def test_what_we_write_we_read_again(keeper: Client, town: Town) -> None:
    tables = await lent(town, units=2, deposit_cents=1250, value_cents=4500, category="fetes")
    await Unit.filter(item_id=tables.id).update(condition="worn")
    lender = await association_lender(town)
    file = (await keeper.get(f"/prets/preteur/{lender.id}/materiel.csv")).content
    by = somebody(town, "redoute")
    known = await importing.plan(await LendingImport.start(lender, file, by=by))
    assert (len(known.there), known.groups, known.wrong) == (2, (), ())
    await tables.remove(None, by=by)  # type: ignore[arg-type]  # it has no photos
    listed = await LendingImport.start(lender, file, by=by)
    taken = await importing.take_in(listed, by=by)
    assert (taken.items, taken.units) == (1, 2)
    again = await Item.get(title="Table pliante")
    assert (again.deposit_cents, again.value_cents, again.category) == (1250, 4500, "fetes")
    assert {unit.condition for unit in await Unit.filter(item_id=again.id)} == {"worn"}


async def test_each_loan_has_a_line_with_what_went_out(alice: Client, keeper: Client, town: Town) -> None:
    item = await lent(town, units=3)
    first = await ask(alice, item.id, quantity=2)
    await ask(alice, item.id, hold=True)
    await act(alice, first["id"], "cancellation")
    second = await ask(alice, item.id)
    lender = await association_lender(town)
    _heads, *lines = await rows(keeper, f"/prets/preteur/{lender.id}/prets.csv")
    assert [line[:6] for line in lines] == [
        [str(second["id"]), "Table pliante", "1", second["codes"][0], "Alice Morel", "Accordé"],
        [str(first["id"]), "Table pliante", "2", "", "Alice Morel", "Annulé"],
    ]


async def test_a_formula_is_written_as_words(keeper: Client, town: Town) -> None:
    await lent(town, "=1+1")
    lender = await association_lender(town)
    _heads, line = await rows(keeper, f"/prets/preteur/{lender.id}/materiel.csv")
    assert line[0] == "'=1+1"


async def test_only_who_manages_the_lender_gets_its_sheets(
    alice: Client, keeper: Client, client: Client, town: Town
) -> None:
    lender = await association_lender(town)
    for name in ("materiel", "prets"):
        url = f"/prets/preteur/{lender.id}/{name}.csv"
        assert (await keeper.get(url)).status_code == 200
        assert (await alice.get(url)).status_code == 404
        assert (await client.get(url)).status_code == 303
    page = (await keeper.get("/moi/materiel")).text
    for link in (f"/prets/preteur/{lender.id}/materiel.csv", "/prets/importer", "/moi/calendriers"):
        assert f'href="{link}"' in page
