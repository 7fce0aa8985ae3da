"""What somebody offers and looks for: told, put in order, found by neighbours' words."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest

from echange.i18n import speaking
from echange.members.finding import skills_like
from echange.members.models import Member, MemberSkill, Skill
from echange.members.names import fold
from echange.members.queries import skills_of
from echange.members.taxonomy import FIELDS, SKILLS, skill_names, translated_keys
from tests.neighbours import Town

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Words of neighbours, and the skill that must be among those meant.
MEANT = {
    "réparer mon ordi": "Réparation d’ordinateur",
    "mon ordinateur est lent": "Ordinateur lent",
    "papiers caf": "Papiers de la CAF",
    "plombier": "Plomberie",
    "plomberie": "Plomberie",
    "fuite d’eau": "Plomberie",
    "évier bouché": "Débouchage",
    "souder": "Soudure",
    "soudures": "Soudure",
    "excel": "Excel et tableurs",
    "exel": "Excel et tableurs",
    "tableur": "Excel et tableurs",
    "portugais": "Portugais",
    "portuguais": "Portugais",
    "couture": "Couture",
    "coudre": "Couture",
    "cuture": "Couture",
    "recoudre un bouton": "Raccommodage",
    "un ourlet": "Retouches",
    "ourlets": "Retouches",
    "pneu crevé": "Réparation de vélo",
    "reparation velo": "Réparation de vélo",
    "bicyclettes": "Réparation de vélo",
    "garder mon chat": "Garde de chat",
    "promener le chien": "Promenade de chien",
    "nounou": "Garde d’enfants",
    "babysiting": "Garde d’enfants",
    "devoirs": "Aide aux devoirs",
    "cours de maths": "Soutien en mathématiques",
    "matématiques": "Soutien en mathématiques",
    "déclaration d’impots": "Déclaration d’impôts",
    "carte vitale": "Santé et Sécurité sociale",
    "cv": "Curriculum vitæ",
    "monter une armoire": "Montage de meubles",
    "tondre la pelouse": "Tonte de pelouse",
    "tailler les haies": "Taille de haies",
    "gâteaux": "Pâtisserie",
    "whatsapp": "Réseaux sociaux",
    "appeler en vidéo": "Appels vidéo",
    "imprimer un document": "Imprimante et scanner",
    "déménager": "Déménagement",
    "vider ma cave": "Débarras et déchetterie",
    "fauteuil roulant": "Accompagnement à pied",
    "belote": "Jeux de cartes",
    "ukulele": "Guitare",
    "wolof": "Wolof",
    "lsf": "Langue des signes",
    "coiffeuse": "Coiffure",
    "compta": "Comptabilité",
    "arabe dialectal": "Arabe",
}


def test_the_list_is_wide_and_each_skill_stands_once() -> None:
    keys = [fold(skill.name) for skill in SKILLS]
    assert len(FIELDS) >= 12
    assert len(SKILLS) >= 230
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 80
    assert all(skill.synonyms and "" not in skill.synonyms for skill in SKILLS)


async def test_neighbours_words_mean_the_right_skill(orm: None) -> None:
    named = {skill.id: skill.name for skill in await Skill.all()}
    missed = {}
    for words, meant in MEANT.items():
        found = {named[one] for one in await skills_like(words)}
        if meant not in found or len(found) > 6:
            missed[words] = found
    assert missed == {}


async def test_words_without_sense_mean_nothing(orm: None) -> None:
    for words in ("zzzzzz", "", "?!", "dresser des escargots en hiver"):
        assert len(await skills_like(words)) <= 2, words


async def test_a_skill_is_found_and_added_in_the_readers_language(orm: None, town: Town) -> None:
    with speaking("en"):
        told = dict(translated_keys())
        assert len(skill_names()) == len(SKILLS)
        english = next((name for name, key in told.items() if key == "couture"), "couture")
        member = await Member.get(id=town["bob"])
        await MemberSkill.add(member, english, wanted=False)
        assert (await Skill.get(key="couture")).id in await skills_like(english)
    assert "Couture" in [line.name for line in await skills_of(member.id) if not line.wanted]


async def test_level_terms_and_note_are_told_of_what_is_offered(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, connection: Connection
) -> None:
    form = {
        "side": "offer",
        "name": "soudure",
        "level": "3",
        "terms": ["quote", "free"],
        "note": "en atelier",
    }
    assert (await alice.post("/moi/savoir-faire", data=form)).status_code == 303
    page = (await bob.get("/membres/alice")).text
    for words in ("C’est son métier, ou presque", "en atelier", "gratuit", "sur devis"):
        assert words in page

    line = await connection.fetchval("SELECT id FROM member_skill WHERE note = 'en atelier'")
    again = (await alice.get(f"/moi/savoir-faire/{line}")).text
    assert again.count(" checked") == 3
    await alice.post(f"/moi/savoir-faire/{line}", data={"level": "1"})
    row = await connection.fetchrow("SELECT level, terms, note FROM member_skill WHERE id = $1", line)
    assert row is not None
    assert tuple(row) == (1, [], "")


async def test_what_is_looked_for_has_neither_level_nor_terms(
    alice: httpx.AsyncClient, connection: Connection
) -> None:
    form = {"side": "want", "name": "soudure", "level": "2", "terms": "free", "note": "pour apprendre"}
    assert (await alice.post("/moi/savoir-faire", data=form)).status_code == 303
    row = await connection.fetchrow("SELECT level, terms FROM member_skill WHERE note = 'pour apprendre'")
    assert row is not None
    assert tuple(row) == (None, [])


@pytest.mark.parametrize("wrong", [{"level": "4"}, {"level": "x"}, {"terms": "barter"}, {"note": "x" * 161}])
async def test_a_skill_that_will_not_do_keeps_its_words(
    alice: httpx.AsyncClient, connection: Connection, town: Town, wrong: dict[str, str]
) -> None:
    answer = await alice.post("/moi/savoir-faire", data={"side": "offer", "name": "soudure", **wrong})
    assert answer.status_code == 422
    assert 'value="soudure"' in answer.text
    line = await connection.fetchval(
        "SELECT id FROM member_skill WHERE member_id = $1 LIMIT 1", town["alice"]
    )
    assert (await alice.post(f"/moi/savoir-faire/{line}", data=wrong)).status_code == 422


async def test_the_order_is_changed_by_buttons(
    alice: httpx.AsyncClient, connection: Connection, town: Town
) -> None:
    async def order() -> list[str]:
        return [line.name for line in await _lines(connection, town["alice"])]

    couture, _tricot, jam = await _lines(connection, town["alice"])
    for _time in range(3):
        moved = await alice.post(f"/moi/savoir-faire/{jam.id}/monter")
    assert moved.headers["location"].endswith(f"#ligne-{jam.id}")
    assert await order() == ["Confitures", "Couture", "Tricot"]
    await alice.post(f"/moi/savoir-faire/{couture.id}/descendre")
    assert await order() == ["Confitures", "Tricot", "Couture"]
    page = (await alice.get("/membres/alice")).text
    assert page.index("Confitures") < page.index("Tricot") < page.index(">Couture")


class _Line:
    def __init__(self, row: asyncpg.Record) -> None:
        self.id: int = row["id"]
        self.name: str = row["name"]


async def _lines(connection: Connection, member_id: int) -> list[_Line]:
    rows = await connection.fetch(
        """SELECT o.id, s.name FROM member_skill o JOIN skill s ON s.id = o.skill_id
           WHERE member_id = $1 AND NOT wanted ORDER BY position, o.id""",
        member_id,
    )
    return [_Line(row) for row in rows]


@pytest.mark.parametrize("act", ["", "/monter", "/descendre", "/retrait"])
async def test_nobody_touches_somebody_elses_skill(
    alice: httpx.AsyncClient, connection: Connection, town: Town, act: str
) -> None:
    line = (await _lines(connection, town["bob"]))[1]
    before = await connection.fetch("SELECT * FROM member_skill ORDER BY id")
    assert (await alice.post(f"/moi/savoir-faire/{line.id}{act}", data={"level": "1"})).status_code == 404
    assert await connection.fetch("SELECT * FROM member_skill ORDER BY id") == before
