"""Documents are told by their content, kept as they are and safely called; all else is refused."""

import struct
from pathlib import Path

import pytest

from echange.media import MAX_BYTES, FileRefused, StorageFull, Store, take_file
from echange.media.names import fit_name
from tests.media.documents import (
    EXCEL,
    ICS,
    PDF,
    SLIDES,
    TABLE,
    TALK,
    WITH_MACROS,
    archived,
    office,
    opendocument,
)
from tests.media.pictures import SCRIPT, SVG, encoded, scene

TAKEN = {
    "bail.pdf": (PDF, "application/pdf"),
    "liste.txt": ("Thé, café\n".encode(), "text/plain"),
    "ancien.txt": ("Thé, café\n".encode("cp1252"), "text/plain"),
    "LISEZMOI": (b"Bonjour\n", "text/plain"),
    "adresses.csv": ("\ufeffnom;rue\nInès;Larris\n".encode(), "text/csv"),
    "fete.ics": (ICS, "text/calendar"),
    "lettre.odt": (opendocument(), "application/vnd.oasis.opendocument.text"),
    "comptes.ods": (opendocument(TABLE), "application/vnd.oasis.opendocument.spreadsheet"),
    "projet.odp": (opendocument(TALK), "application/vnd.oasis.opendocument.presentation"),
    "lettre.docx": (
        office(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "comptes.xlsx": (
        office(EXCEL),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "projet.pptx": (
        office(SLIDES),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
REFUSED = {
    "page.html": SCRIPT,
    "page.txt": SCRIPT,
    "page.csv": b"nom;rue\n<script>alert(1)</script>;x\n",
    "dessin.svg": SVG,
    "dessin.txt": SVG,
    "flux.txt": b"<rss/>",
    "lance.sh": b"#!/bin/sh\nrm -rf /\n",
    "lance.txt": b"#!/bin/sh\nrm -rf /\n",
    "lance.bat": b"del /q *.*\r\n",
    "lance.js": b"alert(1)\n",
    "lance.exe": b"MZ\x90\x00\x03" + bytes(200),
    "lance.txt.vbs": b"MsgBox 1\n",
    "archive.zip": archived({"lettre.txt": b"Bonjour"}),
    "paquet.docx": archived({"lettre.txt": b"Bonjour"}),
    "lettre.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "image.gif": encoded(scene(), "GIF"),
    "son.mp3": b"ID3\x03\x00" + bytes(100),
    "large.txt": "Bonjour".encode("utf-16"),
    "dessin.odg": opendocument("application/vnd.oasis.opendocument.graphics"),
    "autre.docx": office("application/vnd.ms-package.xps-fixeddocument+xml"),
}
MACROS = {
    "lettre.docm": office(WITH_MACROS),
    "cache.docx": office(word__vbaProject_dot_bin=b"\x00"),
    "bouton.docx": office(word__activeX__activeX1_dot_xml=b"<ax/>"),
    "paquet.docx": office(word__embeddings__oleObject1_dot_bin=b"\x00"),
    "lettre.odt": opendocument(Basic__Standard__Module1_dot_xml=b"<script/>"),
    "comptes.ods": opendocument(TABLE, Scripts__python__a_dot_py=b"import os"),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "attachments")


async def refusal(data: bytes, name: str, store: Store) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        await take_file(data, name, store)
    assert not store.folder.exists(), "nothing is kept"
    return refused.value


@pytest.mark.parametrize("name", TAKEN)
async def test_a_document_is_kept_as_it_is_under_a_name_of_ours(name: str, store: Store) -> None:
    data, media_type = TAKEN[name]
    kept = await take_file(data, name, store)
    assert kept.media_type == media_type
    assert kept.filename == (name if "." in name else f"{name}.txt")
    assert store.file(kept.name).read_bytes() == data
    assert name not in kept.name
    await store.delete(kept.name)
    assert not store.file(kept.name).exists()


@pytest.mark.parametrize("name", REFUSED)
async def test_anything_else_is_refused(name: str, store: Store) -> None:
    assert (await refusal(REFUSED[name], name, store)).code == "not_taken"


@pytest.mark.parametrize("name", MACROS)
async def test_a_document_with_a_programme_in_it_is_refused(name: str, store: Store) -> None:
    refused = await refusal(MACROS[name], name, store)
    assert refused.code == "has_macros"
    assert "macros" in refused.message


async def test_content_counts_and_not_the_name(store: Store) -> None:
    kept = await take_file(PDF, "facture.html", store)
    assert (kept.media_type, kept.filename) == ("application/pdf", "facture.html.pdf")
    assert (await refusal(SCRIPT, "facture.pdf", Store(store.folder.with_name("other")))).code == "not_taken"


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"%%EOF", b""),
        ICS.replace(b"END:VCALENDAR", b""),
        office()[:-30],
        b"PK\x03\x04" + bytes(50),
        office().replace(b"[Content_Types].xml", b"[Content_Types].xm\xff", 1),
    ],
    ids=["pdf", "calendar", "archive cut short", "no archive", "names that differ"],
)
async def test_a_broken_file_is_refused(data: bytes, store: Store) -> None:
    assert (await refusal(data, "fichier.txt", store)).code == "broken"


async def test_an_empty_and_a_heavy_file_are_refused(store: Store) -> None:
    assert (await refusal(b"", "vide.txt", store)).code == "empty"
    heavy = await refusal(b"a" * (MAX_BYTES + 1), "lourd.txt", store)
    assert heavy.code == "too_heavy"
    assert "10 Mo" in heavy.message


async def test_an_archive_that_unfolds_without_end_is_refused(store: Store) -> None:
    many = archived({"mimetype": b"x", **{f"{n}.xml": b"" for n in range(6000)}})
    assert (await refusal(many, "beaucoup.odt", store)).code == "not_taken"
    bomb = bytearray(office())
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 3_000_000_000)
    assert (await refusal(bytes(bomb), "bombe.docx", store)).code == "not_taken"


async def test_a_full_disk_keeps_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses to write past the limit, half-way."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageFull):
            await take_file(b"a" * 5000, "long.txt", store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("facture.pdf", "facture.pdf"),
        ("Facture.PDF", "Facture.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\bail.pdf", "bail.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("fdp\u202egnp.exe", "fdpgnp.exe.pdf"),
        ("  ..cache ", "cache.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("con.pdf", "document con.pdf"),
        ("Réunion d’été.pdf", "Réunion d’été.pdf"),
        ("x" * 300, "x" * 96 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_for_any_disk(name: str, fit: str) -> None:
    assert fit_name(name, "pdf") == fit


def test_a_name_that_is_not_ours_leads_to_no_file(store: Store) -> None:
    for name in ("../../etc/passwd", "", "A" * 32, "0" * 31):
        with pytest.raises(ValueError, match="not the name"):
            store.file(name)
