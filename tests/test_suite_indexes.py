"""The index that is made of a suite, and questions to the index of the user."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from eval.suites.find import find_suite
from eval.suites.indexes import IndexFigures, open_index
from eval.suites.suite import Suite
from index.errors import ModelMismatch, QuestionsInvalid, SuiteInvalid
from index.local import DATABASE, LocalStore
from index.types import Participant, Progress, Vectors
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import (
    MORNING,
    MORNING_QUESTIONS,
    Line,
    jsonl,
    names_line,
    question,
    read_suite,
    span,
    whisper,
    write_beir,
    write_suite,
)

QUERIES: tuple[Line, ...] = ({"_id": "q1", "text": "Quel mot ?"},)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test writes its suite."""
    return tmp_path / "radio"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache")


class Unplugged(HashEncoder):
    """Fails after some debates."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return super().embed_passages(texts, progress)


def _indexed(
    suite: Suite, settings: Settings, encoder: HashEncoder, *, labelled: bool = True
) -> tuple[list[set[str | None]], IndexFigures]:
    """The speakers of each debate, in the order of their ids."""
    store, figures = open_index(suite, settings, encoder, labelled=labelled)
    try:
        return [{part.speaker for part in store.debate(one.id).segments} for one in store.debates()], figures
    finally:
        store.close()


def _folders(settings: Settings) -> list[Path]:
    return sorted((settings.cache / "eval").iterdir())


def test_an_index_is_built_once(folder: Path, settings: Settings) -> None:
    documents = [{"_id": f"d{number}", "text": f"Le mot numéro {number}."} for number in range(3)]
    suite, encoder = read_suite(write_beir(folder, documents, QUERIES, ["q1 d0 1"])), HashEncoder()
    _speakers, built = _indexed(suite, settings, encoder)
    texts = [document["text"] for document in documents]
    assert sorted(encoder.embedded) == sorted(texts), "a text of two windows is embedded once"
    assert (built.debates, built.windows, built.tokens) == (3, 6, 24)
    assert built.seconds is not None
    assert built.tokens_per_second == 24 / built.seconds
    assert _indexed(suite, settings, encoder) == ([{None}] * 3, built)
    assert len(encoder.embedded) == 3
    (home,) = _folders(settings)
    assert home.name.rpartition("-")[0] == "radio"
    on_disk = (home / DATABASE).stat().st_size
    assert built.bytes_per_window == on_disk / 6


@pytest.mark.parametrize("report", ["", "{", "null", "[1]", '{"debates": 2}', None])
def test_an_index_whose_figures_cannot_be_read_is_measured_again(
    folder: Path, settings: Settings, report: str | None
) -> None:
    suite = read_suite(write_suite(folder))
    _speakers, built = _indexed(suite, settings, HashEncoder())
    path = _folders(settings)[0] / "built.json"
    if report is None:
        path.unlink()
    else:
        path.write_text(report, "utf-8")
    encoder = HashEncoder()
    _speakers, found = _indexed(suite, settings, encoder)
    assert (encoder.embedded, replace(found, peak_mb=None)) == ([], replace(built, seconds=None, peak_mb=None))
    assert json.loads(path.read_text("utf-8")) == asdict(found)


def test_other_contents_or_another_model_have_another_index(folder: Path, settings: Settings) -> None:
    write_suite(folder)
    _indexed(read_suite(folder), settings, HashEncoder())
    _indexed(read_suite(folder), settings, HashEncoder(), labelled=False)
    _indexed(read_suite(folder), settings, HashEncoder("hash@2"))
    assert len(_folders(settings)) == 3
    (folder / "debates" / "matin.json").write_text(whisper(MORNING, ["Zoé Roux"] * 4), "utf-8")
    speakers, _figures = _indexed(read_suite(folder), settings, HashEncoder())
    assert (speakers[1], len(_folders(settings))) == ({"Zoé Roux"}, 4)
    _indexed(read_suite(folder), settings, HashEncoder(), labelled=False)
    assert len(_folders(settings)) == 4, "who speaks is nothing to an index without speakers"
    (folder / "debates" / "matin.json").write_text(whisper((*MORNING[:3], "Le gaz disparaît.")), "utf-8")
    _indexed(read_suite(folder), settings, HashEncoder(), labelled=False)
    assert len(_folders(settings)) == 5


@pytest.mark.parametrize(
    ("change", "labelled", "folders"),
    [
        ({"title": "Matinale"}, False, 2),
        ({"language": "en"}, False, 2),
        ({"participants": (Participant("Zoé Roux", "ingénieure"),)}, True, 2),
        ({"participants": (Participant("Zoé Roux", "ingénieure"),)}, False, 1),
        ({"url": "https://youtu.be/abc"}, True, 1),
        ({}, True, 1),
    ],
)  # fmt: skip
def test_whatever_is_written_into_an_index_makes_another(
    folder: Path, settings: Settings, change: dict[str, Any], labelled: bool, folders: int
) -> None:
    """Where it was published is not searched, and nothing is in an index that is made without names."""
    suite = read_suite(write_suite(folder, {"questions.matin.jsonl": MORNING_QUESTIONS}))
    evening, morning = suite.recordings
    other = replace(suite, recordings=(evening, replace(morning, debate=replace(morning.debate, **change))))
    for found in (suite, other):
        open_index(found, settings, HashEncoder(), labelled=labelled)[0].close()
    assert len(_folders(settings)) == folders


@pytest.mark.parametrize(
    ("name", "value"),
    [("VERSION", 99), ("WIDTHS", (30,)), ("terms", lambda text, language: [language, *text.split()])],
)
def test_another_version_of_windows_terms_or_tables_makes_another(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    suite = read_suite(write_suite(folder))
    _indexed(suite, settings, HashEncoder())
    monkeypatch.setattr(f"eval.suites.indexes.{name}", value)
    _indexed(suite, settings, HashEncoder())
    assert len(_folders(settings)) == 2


def test_the_speakers_are_there_or_nowhere(folder: Path, settings: Settings) -> None:
    suite = read_suite(write_suite(folder))
    named, _figures = _indexed(suite, settings, HashEncoder())
    assert named == [{"Présentatrice", "Ada Martin", "Jean Petit"}, {"Zoé Roux", "Paul Blanc"}]
    nameless, _figures = _indexed(suite, settings, HashEncoder(), labelled=False)
    assert nameless == [{None}, {None}]


def test_an_interrupted_index_goes_on_and_is_not_timed(folder: Path, settings: Settings) -> None:
    documents = [{"_id": f"d{number}", "text": f"Le mot numéro {number}."} for number in range(4)]
    suite = read_suite(write_beir(folder, documents, QUERIES, ["q1 d0 1"]))
    with pytest.raises(KeyboardInterrupt):
        open_index(suite, settings, Unplugged(after=3), labelled=True)
    encoder = HashEncoder()
    _speakers, figures = _indexed(suite, settings, encoder)
    assert encoder.embedded == ["Le mot numéro 3."]
    assert (figures.debates, figures.windows, figures.seconds, figures.tokens_per_second) == (4, 8, None, None)
    whole = read_suite(write_beir(folder, documents[:3], QUERIES, ["q1 d0 1"]))
    assert _indexed(whole, settings, HashEncoder())[1].seconds is not None


def test_long_ids_that_begin_alike_can_be_indexed(folder: Path, settings: Settings) -> None:
    address = "https://example.org/" + "a" * 120
    documents = [{"_id": f"{address}/{number}", "text": f"Bonjour {number}."} for number in (1, 2)]
    suite = read_suite(write_beir(folder, documents, QUERIES, [f"q1 {address}/2 1"]))
    store, figures = open_index(suite, settings, HashEncoder(), labelled=True)
    store.close()
    assert figures.debates == 2


# questions to the user's own index


class Unloaded(HashEncoder):
    """Knows its fingerprint, and embeds, when it is loaded."""

    def __init__(self) -> None:
        super().__init__("not loaded")

    def load(self, progress: Progress | None = None) -> None:
        self.fingerprint = "hash@1"


def _own(folder: Path, settings: Settings, encoder: HashEncoder, *lines: Line) -> Suite:
    """The evening in the index of ``settings``, and a file of questions to it."""
    write_suite(folder)
    engine = Engine(LocalStore(settings.home), encoder, settings)
    engine.add(folder / "debates" / "Evening_1.srt", Details(speakers=folder / "debates" / "Evening_1.speakers.tsv"))
    engine.close()
    path = folder / "mine.jsonl"
    path.write_text(jsonl(lines), "utf-8")
    return find_suite(str(path), settings)


def test_a_file_of_questions_asks_the_own_index(folder: Path, settings: Settings) -> None:
    encoder = HashEncoder()
    line = question("q1", "Que dit Martin ?", span("evening-1", 10, 20), speaker="martin")
    suite = _own(folder, settings, encoder, line)
    assert (suite.name, suite.home, suite.sets) == ("mine", settings.home, {"q1": "mine"})
    assert [found.speaker for found in suite.questions] == ["Ada Martin"]
    unloaded = Unloaded()
    speakers, figures = _indexed(suite, settings, unloaded)
    assert speakers == [{"Présentatrice", "Ada Martin", "Jean Petit"}]
    assert (figures.debates, figures.seconds, figures.peak_mb) == (1, None, None)
    assert (figures.windows, unloaded.embedded) == (len(encoder.embedded), []), "it is opened as it is"
    on_disk = (settings.home / DATABASE).stat().st_size
    assert figures.bytes_per_window == on_disk / figures.windows
    assert not (settings.cache / "eval").exists()


def test_questions_to_an_index_name_its_debates(folder: Path, settings: Settings) -> None:
    line = question("q1", "Qui ?", span("matin", 0, 10))
    with pytest.raises(QuestionsInvalid) as caught:
        _own(folder, settings, HashEncoder(), line)
    reason, reason_fr = "there is no debate “matin”, but evening-1", "il n'y a pas de débat « matin », mais evening-1"
    names_line(caught.value, "mine.jsonl", 1, reason, reason_fr)


def test_questions_to_an_empty_index_are_refused(folder: Path, settings: Settings) -> None:
    folder.mkdir()
    (folder / "mine.jsonl").write_text(jsonl([question("q1", "Qui ?")]), "utf-8")
    with pytest.raises(SuiteInvalid) as caught:
        find_suite(str(folder / "mine.jsonl"), settings)
    assert "the index is empty" in caught.value.message("en")
    assert "l'index est vide" in caught.value.message("fr")


def test_an_own_index_of_another_model_is_refused(folder: Path, settings: Settings) -> None:
    suite = _own(folder, settings, HashEncoder(), question("q1", "Qui ?", span("evening-1", 0, 10)))
    with pytest.raises(ModelMismatch, match="hash@1") as caught:
        open_index(suite, settings, HashEncoder("hash@2"), labelled=True)
    assert "hash@2" in caught.value.message("fr")
