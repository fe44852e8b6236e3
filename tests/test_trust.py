"""What a journalist must never be told: regressions of a review, each on a debate small enough to check by eye."""

from pathlib import Path

import pytest

from index.errors import FieldInvalid
from index.writing.build import Details
from rag.engine import Engine
from rag.question import parse
from rag.types import Filters

TITLE = "Débat avec Ada Martin (avocate) et Jean Petit (maire)"
WORDS = (
    "Le budget de la culture doit doubler dès cette année.",
    "Je refuse d'augmenter le budget de la culture.",
    "La piscine olympique coûte trop cher à la ville.",
    "Merci à tous, bonsoir.",
)


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "d.txt"
    lines = [f"{index:02}:00{words}" for index, words in enumerate(WORDS)]
    path.write_text("\n".join([TITLE, *lines]), "utf-8")
    return path


def _labels(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "who.tsv"
    path.write_text("start\tspeaker\n" + "".join(f"{start}\t{speaker}\n" for start, speaker in rows), "utf-8")
    return path


def test_first_names_in_a_side_file_are_the_participants(engine: Engine, transcript: Path, tmp_path: Path) -> None:
    side_file = _labels(tmp_path, ("00:00", "Ada"), ("01:00", "Jean"))
    added = engine.add(transcript, Details(speakers=side_file))
    assert added.report.speakers == ("Ada Martin", "Jean Petit")
    assert [person.name for person in added.debate.participants] == ["Ada Martin", "Jean Petit"]
    answer = engine.ask("Que pense Ada Martin du budget de la culture ?", top_k=1)
    assert [citation.text for citation in answer.citations] == [WORDS[0]]


def test_nobody_is_given_words_in_a_debate_that_names_others(engine: Engine, transcript: Path, tmp_path: Path) -> None:
    engine.add(transcript, Details(speakers=_labels(tmp_path, ("00:00", "Ada Martin"))))
    answer = engine.ask("Que pense Jean Petit du budget de la culture ?")
    assert answer.abstained
    assert answer.confidence == 0
    assert answer.answer.startswith("Aucun propos n'est attribué à Jean Petit dans ces débats.")


def test_debates_without_labels_in_which_the_person_takes_part_are_mentioned(
    engine: Engine, transcript: Path, tmp_path: Path
) -> None:
    engine.add(transcript, Details(speakers=_labels(tmp_path, ("00:00", "Ada Martin"), ("01:00", "Jean Petit"))))
    engine.add(transcript, Details(id="other"))
    answer = engine.ask("Que pense Ada Martin du budget de la culture ?")
    assert {(citation.debate, citation.speaker) for citation in answer.citations} == {("d", "Ada Martin")}
    assert "1 autre(s) débat(s) de l'index n'ont pas de locuteurs identifiés" in answer.answer


PEOPLE = ["Bruno Le Maire", "Jean-Baptiste Kempf", "Constantin Pavléas", "Éric Zemmour"]


@pytest.mark.parametrize(
    ("text", "speakers", "topic"),
    [
        ("Que dit le maire de Paris ?", (), "Que dit le maire de Paris"),
        ("Que dit Le Maire de Paris ?", ("Bruno Le Maire",), "Paris"),
        ("Quelles sont les promesses de Pavléas ?", ("Constantin Pavléas",), "Quelles sont les promesses"),
        ("Quel est le projet de Kempf ?", (), "Quel est le projet de Kempf"),
        ("Combien coûte le projet de Kempf ?", (), "Combien coûte le projet de Kempf"),
        ("Selon le § 5, que pense Kempf de l'IA ?", ("Jean-Baptiste Kempf",), "Selon le § 5, de l'IA"),
        ("Pavléas, pour ou contre la régulation ?", ("Constantin Pavléas",), "pour ou contre la régulation"),
        ("Why Does Kempf Criticize Google?", ("Jean-Baptiste Kempf",), "Google"),
        ("Que pense M. Kempf. Google est-il renforcé ?", ("Jean-Baptiste Kempf",), "Google est renforcé"),
    ],
)
def test_questions_that_were_misread(text: str, speakers: tuple[str, ...], topic: str) -> None:
    question = parse(text, PEOPLE)
    assert (question.speakers, question.absent, question.topic) == (speakers, None, topic)


def test_dates_the_wrong_way_round_are_refused(engine: Engine, transcript: Path) -> None:
    from datetime import date

    engine.add(transcript)
    with pytest.raises(FieldInvalid, match="no later than date_to"):
        engine.ask("la culture", filters=Filters(date_from=date(2024, 2, 1), date_to=date(2024, 1, 1)))


def test_one_damaged_byte_does_not_spoil_a_file_and_is_noted(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_bytes("00:00Débat numéro un, déjà répété à l'été.\n00:05Caf".encode() + b"\xe9" + b" noir.\n")
    added = engine.add(path)
    assert [segment.text for segment in added.debate.segments] == [
        "Débat numéro un, déjà répété à l'été.",
        "Caf\ufffd noir.",
    ]
    assert [(note.kind.value, note.line) for note in added.report.notes] == [("characters_replaced", 2)]


@pytest.mark.parametrize("title", ["", " \n\0"])
def test_a_title_has_to_be_a_text(engine: Engine, transcript: Path, title: str) -> None:
    with pytest.raises(FieldInvalid, match="title"):
        engine.add(transcript, Details(title=title))


def test_what_only_looks_like_a_tag_stays_in_the_text(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "d.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\n<i>Si x <y et z> w</i>\n", "utf-8")
    assert engine.add(path).debate.segments[0].text == "Si x <y et z> w"


def test_an_emptied_index_takes_another_model(engine: Engine, transcript: Path, home: Path) -> None:
    from index.local import LocalStore
    from rag.settings import Settings
    from tests.fakes import HashEncoder

    engine.add(transcript)
    engine.remove("d")
    other = Engine(LocalStore(home), HashEncoder("hash@2"), Settings(home=home))
    assert other.add(transcript).debate.id == "d"
    other.close()


def test_a_change_while_the_question_is_embedded_is_seen(home: Path, transcript: Path) -> None:
    """The search begins again on what there is now."""
    from collections.abc import Sequence

    from index.local import LocalStore
    from index.pieces.tokens import Tokens
    from index.types import Vectors
    from rag.settings import Settings
    from tests.fakes import HashEncoder

    class Removing(HashEncoder):
        def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
            if any(debate.id == "d" for debate in store.debates()):
                store.remove("d")
            return super().embed_questions(texts)

    store = LocalStore(home)
    engine = Engine(store, Removing(), Settings(home=home))
    engine.add(transcript)
    engine.add(transcript, Details(id="kept"))
    answer = engine.ask("le budget de la culture")
    assert {citation.debate for citation in answer.citations} == {"kept"}
    engine.close()
