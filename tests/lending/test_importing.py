"""A list of equipment is taken in once: read line by line, shown before it is written, all or nothing."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echange.http import Refusal
from echange.http.viewer import Viewer
from echange.lending import Item, Unit, importing
from echange.lending.import_columns import guessed
from echange.lending.import_rows import Reading, read_rows
from echange.lending.import_table import NotASheet, Table, TooManyLines, read_table, text_of
from echange.lending.models import LendingImport
from tests.lending.things import association_lender, lent, somebody
from tests.neighbours import Town

SNIPE = (
    '"Asset Tag","Asset Name","Model","Category","Serial","Status","Purchase Cost","Checked Out To","Notes"\n'
    '"FR-001","Grande","Barnum 3 x 3","Fêtes","SN1","Ready to Deploy","1,250.00","","Sac bleu"\n'
    '"FR-002","","Barnum 3 x 3","Tentes","SN2","Ready to Deploy","","Jeanne",""\n'
    '"FR-003","","Perceuse","Bricolage","","Archived","45.50","",""\n'
)
OURS = "Nom;Code;Exemplaires;État;Caution\nTable pliante;;8;Bon état;20\nÉcran;ECR-1;;Neuf;\n"


def _read(text: str) -> Reading:
    table = read_table(text)
    return read_rows(table, guessed(table.heads))


def test_a_snipe_it_export_is_understood_as_it_is() -> None:
    reading = _read(SNIPE)
    first, second = reading.lines
    assert (first.title, first.code, first.serial, first.value_cents, first.note) == (
        "Barnum 3 x 3", "FR-001", "SN1", 125_000, "Sac bleu",
    )  # fmt: skip
    assert (first.category, second.category) == ("fetes", "")
    assert second.value_cents is None


def test_what_is_archived_is_told_by_its_line_and_left_out() -> None:
    (wrong,) = _read(SNIPE).wrong
    assert wrong.number == 4
    assert "Archived" in wrong.sentence


def test_who_has_it_now_is_told_but_no_loan_is_made_of_it() -> None:
    assert any(one.number == 3 and "Sorti" in one.sentence for one in _read(SNIPE).told)


def test_our_own_columns_are_understood() -> None:
    tables, screen = _read(OURS).lines
    assert (tables.count, tables.deposit_cents, tables.condition) == (8, 2000, "good")
    assert (screen.code, screen.count, screen.condition) == ("ECR-1", 1, "new")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";A-1;1;;", "Il manque le nom"),
        ("Table;??;1;;", "ne peut pas être un code"),
        ("Table;A-1;3;;", "qu’à un seul exemplaire"),
        ("Table;;zéro;;", "n’est pas un nombre"),
        ("Table;;٣;;", "n’est pas un nombre"),
        ("Table;;1;;beaucoup", "n’est pas une somme"),
        ("Table;;1;;-5", "n’est pas une somme"),
        (f"{'T' * 81};;1;;", "trop long"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(line: str, said: str) -> None:
    (wrong,) = _read(f"Nom;Code;Exemplaires;État;Caution\n{line}\n").wrong
    assert wrong.number == 2
    assert said in wrong.sentence


def test_the_same_code_twice_names_the_first_line() -> None:
    (wrong,) = _read("Nom;Code\nTable;A-1\nBanc;a 1\n").wrong
    assert wrong.number == 3
    assert "ligne 2" in wrong.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_french_spreadsheets_write_is_read(encoding: str) -> None:
    assert text_of("Échelle;é\n".encode(encoding)) == "Échelle;é\n"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04\x00\x00", b"\xff\xfe\x00"])
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(NotASheet):
        read_table(text_of(data))


def test_more_lines_than_we_take_are_refused() -> None:
    with pytest.raises(TooManyLines):
        read_table("Nom\n" + "Table\n" * 5001)


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused_kindly(data: bytes) -> None:
    try:
        table: Table = read_table(text_of(data))
    except Refusal:
        return
    read_rows(table, guessed(table.heads))


async def _listed(town: Town, text: str) -> tuple[LendingImport, Viewer]:
    keeper = somebody(town, "redoute")
    return await LendingImport.start(await association_lender(town), text.encode(), by=keeper), keeper


async def test_nothing_is_written_before_it_is_taken_in(orm: None, town: Town) -> None:
    listed, _keeper = await _listed(town, OURS)
    planned = await importing.plan(listed)
    assert [(group.title, group.count) for group in planned.groups] == [("Table pliante", 8), ("Écran", 1)]
    assert not await Item.all().exists()


async def test_lines_of_one_name_make_one_item_with_several_pieces(orm: None, town: Town) -> None:
    listed, keeper = await _listed(town, SNIPE)
    taken = await importing.take_in(listed, by=keeper, good_only=True)
    assert (taken.items, taken.units) == (1, 2)
    item = await Item.get(title="Barnum 3 x 3")
    pieces = await Unit.filter(item_id=item.id).order_by("code")
    assert [(one.code, one.serial, one.note) for one in pieces] == [
        ("FR-001", "SN1", "Sac bleu"), ("FR-002", "SN2", ""),
    ]  # fmt: skip


async def test_a_wrong_line_holds_the_others_up_unless_one_says_otherwise(orm: None, town: Town) -> None:
    listed, keeper = await _listed(town, SNIPE)
    with pytest.raises(importing.LinesWrong):
        await importing.take_in(listed, by=keeper)
    assert not await Item.all().exists()


async def test_the_same_list_twice_adds_nothing_twice(orm: None, town: Town) -> None:
    for text in (OURS, SNIPE):
        first, keeper = await _listed(town, text)
        await importing.take_in(first, by=keeper, good_only=True)
        again, _same = await _listed(town, text)
        with pytest.raises(importing.NothingToTakeIn):
            await importing.take_in(again, by=keeper, good_only=True)
    assert await Unit.all().count() == 11


async def test_two_who_send_the_same_list_at_once_add_it_once(orm: None, town: Town) -> None:
    first, keeper = await _listed(town, OURS)
    second, _same = await _listed(town, OURS)
    both = await asyncio.gather(
        *(importing.take_in(one, by=keeper) for one in (first, second)), return_exceptions=True
    )
    assert sum(isinstance(one, importing.NothingToTakeIn) for one in both) == 1
    assert await Unit.all().count() == 9


async def test_a_longer_list_adds_what_is_new_to_what_is_there(orm: None, town: Town) -> None:
    first, keeper = await _listed(town, "Nom;Code\nBanc;B-1\n")
    await importing.take_in(first, by=keeper)
    longer, _same = await _listed(town, "Nom;Code\nBanc;B-1\nbanc;B-2\n")
    taken = await importing.take_in(longer, by=keeper)
    assert (taken.items, taken.units) == (0, 1)
    assert await Unit.filter(item__title="Banc").count() == 2


async def test_somebody_elses_code_is_told_by_its_line(orm: None, town: Town) -> None:
    other = await lent(town, "Échelle", by="alice")
    code = (await Unit.get(item_id=other.id)).code
    listed, _keeper = await _listed(town, f"Nom;Code\nTable;{code}\n")
    (wrong,) = (await importing.plan(listed)).wrong
    assert wrong.number == 2
    assert "autre prêteur" in wrong.sentence


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Nom;Code\nTable;FRE-002\nTable;FRE-001\n", ["FRE-002", "FRE-001"]),
        ("Nom;Code\nTable;\nTable;FRE-002\n", ["FRE-001", "FRE-002"]),
        ("Nom;Code\nTable;FRE-003\nBanc;\nBanc;FRE-001\n", ["FRE-003", "FRE-002", "FRE-001"]),
    ],
)
async def test_codes_of_our_own_letters_are_kept_as_they_are_said(
    orm: None, town: Town, text: str, codes: list[str]
) -> None:
    listed, keeper = await _listed(town, text)
    await importing.take_in(listed, by=keeper)
    assert [one.code for one in await Unit.all().order_by("id")] == codes
