"""What no browser sends gets a clear no, or a page, and never an accident."""

import errno
import json
import subprocess
import sys

import httpx
import pytest
from structlog.testing import capture_logs

from echange.http.errors import refusal_for

OWN = {"origin": "http://127.0.0.1:8000"}
SIGNED_IN = {"cookie": "session=alice-key", **OWN}
KEY = "Qm9uam91ci1Gb250ZW5heS1lY2hhbmdlLTk0MTIwLTAw"


@pytest.mark.parametrize("path", ["/static/a%00b", "/static/" + "a" * 5000, "/static/..%2fpyproject.toml"])
async def test_names_that_no_file_can_have_are_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 404


@pytest.mark.parametrize("host", ["[", "[::", "]", "é"])
async def test_a_host_that_is_none_is_not_our_origin(visitor: httpx.AsyncClient, host: str) -> None:
    headers = httpx.Headers([*SIGNED_IN.items(), ("host", host)], encoding="latin-1")
    assert (await visitor.post("/notes", data={"title": "pain"}, headers=headers)).status_code == 403


async def test_a_referer_that_is_none_leads_to_the_front_page(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/membres", headers={"referer": "http://[", **OWN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion?suite=/")


async def test_half_characters_are_shown_as_question_marks(visitor: httpx.AsyncClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n+2AA-\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x; charset=utf-7", **OWN}
    answer = await visitor.post("/notes", content=body, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_refused_method_names_those_there_are(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.put("/membres", headers=SIGNED_IN)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert (await visitor.get("/api/v1/notes")).headers["allow"] == "POST"


@pytest.mark.parametrize("words", ["Bearer", "bearer  "])
async def test_an_empty_token_never_stands_for_the_cookie(visitor: httpx.AsyncClient, words: str) -> None:
    headers = {**SIGNED_IN, "origin": "http://ailleurs.example", "authorization": words}
    answer = await visitor.post("/api/v1/notes", json={"title": "pain"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_a_full_disk_is_told_as_such() -> None:
    assert refusal_for(OSError(errno.ENOSPC, "No space left on device")).status == 507
    assert refusal_for(PermissionError(errno.EACCES, "no")).status == 500


@pytest.mark.parametrize("path", [f"/confirmation/{KEY}", f"/confirmation/{KEY}/", f"/x/{KEY}.AbC-12_3"])
async def test_a_mailed_key_is_not_written_to_the_log(visitor: httpx.AsyncClient, path: str) -> None:
    with capture_logs() as lines:
        await visitor.get(path)
    (told,) = [line["path"] for line in lines if line["event"] == "request"]
    assert KEY not in told
    assert told.startswith(path.split(KEY)[0] + "…")


async def test_ordinary_addresses_are_written_whole(visitor: httpx.AsyncClient) -> None:
    path = "/annonces/12-une-tres-longue-annonce-pour-un-fauteuil-crapaud-qui-a-du-ressort"
    with capture_logs() as lines:
        await visitor.get(path)
    assert [line["path"] for line in lines if line["event"] == "request"] == [path]


ACCIDENTS = """
import logging, structlog
from echange import logs
logs.configure()
try:
    int("mon mot de passe")
except ValueError as error:
    structlog.get_logger("ours").error("accident", exc_info=error)
    logging.getLogger("somebody else's").exception("accident")
"""


def test_an_accident_is_logged_with_its_place_and_without_its_words() -> None:
    told = subprocess.run([sys.executable, "-c", ACCIDENTS], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in told.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["accident", "accident"]
    for line in lines:
        assert 'File "<string>", line 6' in line["exception"]
        assert "ValueError" in line["exception"]
        assert "mot de passe" not in line["exception"]


async def test_a_last_slash_leads_home_whatever_the_host_says(client: httpx.AsyncClient) -> None:
    answer = await client.get("/annonces/?q=v%C3%A9lo", headers={"host": "ailleurs.example"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/annonces?q=v%C3%A9lo")
    for nowhere in ("/nulle-part/", "/annonces//", "/x//ailleurs.example/"):
        assert (await client.get(nowhere)).status_code == 404
