"""Chapters: the best cuts against brute force, titles out of the text, whole debates of every length."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.commands.main import app
from eval.chapters import Piece as Unit
from eval.chapters import found_again, laid_out, pk, window_diff
from index.errors import DebateUnknown
from index.local import LocalStore
from index.types import joined_text
from rag.chapters.cutting import cuts, part_count
from rag.chapters.titles import titles
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Kind
from tests.answers import recording
from tests.conftest import DEBATE, KEMPF
from tests.fakes import HashEncoder
from tests.suite_files import srt

WORDS = 100


def _scatter(rows: np.ndarray, places: tuple[int, ...]) -> float:
    bounds = [0, *places, len(rows)]
    return sum(float(((part - part.mean(0)) ** 2).sum()) for a, b in itertools.pairwise(bounds) for part in [rows[a:b]])


@given(st.integers(2, 8), st.integers(1, 4), st.integers(0, 10_000))
def test_the_cuts_are_the_best_there_are(count: int, parts: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(count, 3))
    found = cuts(rows, [WORDS] * count, parts)
    wanted = min(parts, count)
    best = min(_scatter(rows, places) for places in itertools.combinations(range(1, count), wanted - 1))
    assert len(found) == wanted - 1
    assert _scatter(rows, tuple(found)) == pytest.approx(best)


def test_no_part_is_shorter_than_ninety_words() -> None:
    rows = np.eye(6)
    found = cuts(rows, [30] * 6, 6)
    assert all(b - a >= 3 for a, b in itertools.pairwise([0, *found, 6]))
    assert cuts(rows[:1], [5], 3) == []


def test_how_many_chapters() -> None:
    assert [part_count(words) for words in (0, 10, 89, 179, 300, 2857, 20_000, 500_000)] == [1, 1, 1, 1, 2, 5, 14, 40]


def test_pk_and_window_diff_by_hand() -> None:
    # windows of 2 rows in 8: the cut at 4 is seen from rows 2 and 3, the one at 6 from 4 and 5
    assert pk([4], [4], 8) == window_diff([4], [4], 8) == 0.0
    assert pk([4], [6], 8) == pytest.approx(4 / 6)
    assert window_diff([4], [], 8) == pytest.approx(2 / 6)
    assert pk([4], [3, 4], 8) == pytest.approx(1 / 6)
    assert window_diff([4], [3, 4], 8) == pytest.approx(2 / 6)


def test_seams_of_different_subjects_are_found() -> None:
    import random

    encoder = HashEncoder()
    subjects = (["budget", "culture", "école"], ["juge", "procès", "avocat"], ["pomme", "verger", "cidre"])
    debates = [
        [Unit(encoder.embed_query(" ".join(words)), [words[at % 3], words[(at + 1) % 3]], 60) for at in range(30)]
        for words in subjects
    ]
    row, gold = laid_out(debates, random.Random(3))
    assert found_again(row, len(gold) + 1) == gold


def test_titles_are_words_of_their_chapter() -> None:
    debate = recording(
        (0, 5, "Le tribunal de commerce accélère, le tribunal de commerce innove.", "Ada Martin"),
        (5, 9, "Merci Ada. Le prix du gaz monte, et le prix du gaz pèse."),
    )
    found = titles([debate.segments[:1], debate.segments[1:]], "fr", ["Ada Martin"])
    assert found[0][0] == "tribunal de commerce"
    assert "prix du gaz" in found[1]
    assert not any("Ada" in phrase or "Merci" in phrase for phrases in found for phrase in phrases)


def test_the_chapters_of_the_debate(debate_engine: Engine) -> None:
    chapters = debate_engine.chapters(DEBATE)
    assert [one.n for one in chapters] == list(range(1, len(chapters) + 1))
    assert 4 <= len(chapters) <= 6
    # « Alors, je voudrais qu'on passe quand même au deuxième sujet », « Alors, on va parler de cette IA fabriquée… »
    assert {504.0, 736.0} <= {one.start for one in chapters}
    assert any("tribunal de commerce" in one.phrases for one in chapters)
    segments = debate_engine.debate(DEBATE).segments
    assert (chapters[0].start, chapters[-1].end) == (segments[0].start, segments[-1].end)
    text = joined_text(segments)
    for one in chapters:
        assert all(phrase in text for phrase in one.phrases)
        assert sum(share.share for share in one.speakers) == pytest.approx(1.0, abs=0.01)


def test_an_overview_quotes_every_chapter(debate_engine: Engine) -> None:
    answer = debate_engine.ask("De quoi parle ce débat ?")
    chapters = debate_engine.chapters(DEBATE)
    assert (answer.kind, answer.abstained) == (Kind.OVERVIEW, False)
    assert [section.title for section in answer.sections] == [one.title for one in chapters]
    for section in answer.sections:
        assert len(section.citations) == 1
        citation = answer.citations[section.citations[0] - 1]
        assert (section.start or 0) <= citation.start <= citation.end <= (section.end or 0)


def test_an_overview_of_one_person_quotes_them_alone(debate_engine: Engine) -> None:
    answer = debate_engine.ask("What does Kempf talk about?")
    cited = {n for section in answer.sections for n in section.citations}
    assert {answer.citations[n - 1].speaker for n in cited} == {KEMPF}


def test_an_overview_of_several_debates_has_a_section_each(engine: Engine, tmp_path: Path) -> None:
    for name, text in (("gaz", "Le prix du gaz monte."), ("juge", "Le tribunal juge vite.")):
        (tmp_path / f"{name}.srt").write_text(srt([text]), "utf-8")
        engine.add(tmp_path / f"{name}.srt")
    answer = engine.ask("Quels sont les thèmes abordés ?")
    assert [section.debate for section in answer.sections] == ["gaz", "juge"]
    assert "prix du gaz" in answer.sections[0].title


@given(
    st.lists(st.sampled_from(["Oui.", "Le budget double.", "euh", "…", "12", "Et le juge ?"]), min_size=1, max_size=60)
)
def test_any_debate_has_chapters_that_cover_it(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("chapters")
    (folder / "a.srt").write_text(srt([*texts, "Fin."]), "utf-8")
    engine = Engine(LocalStore(folder / "home"), HashEncoder(), Settings(home=folder / "home"))
    engine.add(folder / "a.srt")
    chapters, segments = engine.chapters("a"), engine.debate("a").segments
    assert (chapters[0].start, chapters[-1].end) == (segments[0].start, segments[-1].end)
    assert all(one.last + 1 == other.first for one, other in itertools.pairwise(chapters))
    assert all(one.title for one in chapters)
    engine.close()


def test_no_such_debate(engine: Engine) -> None:
    with pytest.raises(DebateUnknown):
        engine.chapters("nulle-part")


def test_the_command(monkeypatch: pytest.MonkeyPatch, debate_engine: Engine, debate_home: Path) -> None:
    monkeypatch.setenv("QDQ_HOME", str(debate_home))
    done = CliRunner().invoke(app, ["chapters", DEBATE])
    assert done.exit_code == 0
    assert done.stdout.count("\n") == len(debate_engine.chapters(DEBATE))
    assert "tribunal de commerce" in done.stdout
