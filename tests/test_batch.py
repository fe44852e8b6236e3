"""Many files at once, what lies beside them, and the report that is kept."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import DebateTwice, FileEmpty, MendingRefused, MetadataInvalid
from index.local import LocalStore
from index.read_options import ReadOptions
from index.transcripts import read_transcript
from index.types import Participant
from index.writing.batch import Outcome, transcripts_among, transcripts_in
from index.writing.build import Details
from index.writing.metadata import details_of
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.old_versions import taken_back

SRT = "1\n00:00:01,000 --> 00:00:04,000\n{text}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve transcripts, of which one is empty, so that several processes read."""
    place = tmp_path / "débats"
    (place / "été").mkdir(parents=True)
    for number in range(11):
        name = f"été/d{number:02}.srt" if number > 8 else f"d{number:02}.srt"
        (place / name).write_text(SRT.format(text=f"Bonjour numéro {number}."), "utf-8")
    (place / "vide.srt").write_text("", "utf-8")
    (place / ".caché.srt").write_text("x", "utf-8")
    (place / "d00.speakers.tsv").write_text("start\tspeaker\n0\tAda\n", "utf-8")
    (place / "d00.yaml").write_text(
        "title: Le grand débat\ndate: 2024-11-19\nparticipants:\n"
        "  - name: Ada Martin\n    role: avocate\n    aliases: [Adèle]\n  - Jean Petit\n",
        "utf-8",
    )
    return place


def _added(engine: Engine, files: Sequence[Path]) -> dict[str, Outcome]:
    return {outcome.path.name: outcome for outcome in engine.add_files(files)}


def test_files_that_go_with_another_that_is_named_are_none_themselves(tmp_path: Path) -> None:
    here = [tmp_path / name for name in ("a.srt", "a.speakers.tsv", "a.yaml", "b.speakers.tsv", "c.yaml")]
    elsewhere = tmp_path / "other" / "a.speakers.tsv"
    assert transcripts_among([*here, elsewhere]) == [here[0], here[3], here[4], elsewhere]
    assert transcripts_among(here[1:2]) == here[1:2]


def test_a_folder_gives_its_transcripts_in_order(folder: Path) -> None:
    names = [path.name for path in transcripts_in(folder, recursive=False)]
    assert names == [*(f"d{number:02}.srt" for number in range(9)), "vide.srt"]
    assert len(transcripts_in(folder, recursive=True)) == 12


def test_a_bad_file_stops_no_other_and_unchanged_ones_are_left_alone(folder: Path, engine: Engine) -> None:
    files = transcripts_in(folder, recursive=True)
    first = _added(engine, files)
    assert isinstance(first["vide.srt"].error, FileEmpty)
    assert sum(outcome.added is not None for outcome in first.values()) == 11
    (folder / "d03.srt").write_text(SRT.format(text="Changé."), "utf-8")
    again = _added(engine, files)
    assert [name for name, outcome in again.items() if outcome.added] == ["d03.srt"]
    assert again["d04.srt"].unchanged == "d04"
    assert engine.debate("d03").segments[0].text == "Changé."


def test_what_lies_beside_a_file_describes_it(folder: Path, engine: Engine) -> None:
    _added(engine, [folder / "d00.srt"])
    debate = engine.debate("d00")
    assert (debate.title, str(debate.date)) == ("Le grand débat", "2024-11-19")
    assert debate.participants == (Participant("Ada Martin", "avocate", ("Adèle",)), Participant("Jean Petit"))
    assert debate.segments[0].speaker == "Ada Martin"
    assert engine.ask("Que dit Adèle ?").speaker == "Ada Martin"
    assert details_of(folder / "d00.srt", Details(title="Autre")).title == "Autre"


@pytest.mark.parametrize(
    ("content", "reason"),
    [("titel: x", "titel"), ("date: hier", "hier"), ("- a", "no list"), ("participants: [{role: x}]", "name, role")],
)
def test_metadata_that_cannot_be_used_says_why(folder: Path, content: str, reason: str) -> None:
    (folder / "d01.yaml").write_text(content, "utf-8")
    with pytest.raises(MetadataInvalid, match=reason) as caught:
        details_of(folder / "d01.srt", Details())
    assert "d01.yaml" in caught.value.message("fr")


def test_two_files_of_one_id_are_not_put_over_each_other(folder: Path, engine: Engine) -> None:
    (folder / "été" / "d00.srt").write_text(SRT.format(text="Un autre."), "utf-8")
    outcomes = list(engine.add_files([folder / "d00.srt", folder / "été" / "d00.srt"]))
    assert outcomes[0].added is not None
    assert isinstance(outcomes[1].error, DebateTwice)


def test_the_report_is_kept_and_survives_a_rebuild(folder: Path, engine: Engine) -> None:
    (folder / "d01.srt").write_text(SRT.format(text="Un.") + "\n2\nzut --> zut\nDeux.\n", "utf-8")
    added = engine.add(folder / "d01.srt")
    assert [note.kind for note in added.report.notes] == ["bad_time"]
    engine.rebuild()
    assert engine.report("d01") == added.report


def test_an_index_of_the_first_version_is_brought_up(folder: Path, home: Path) -> None:
    engine = Engine(LocalStore(home), HashEncoder(), Settings(home=home))
    engine.add(folder / "d01.srt")
    engine.close()
    taken_back(home, 1)
    store = LocalStore(home)
    assert (store.report("d01"), store.tokens("d01")) == (None, None)
    assert [debate.id for debate in store.debates()] == ["d01"]
    store.close()


def test_strict_reading_refuses_what_would_be_mended(folder: Path) -> None:
    (folder / "d01.srt").write_text(SRT.format(text="Un.") + "\n2\nzut --> zut\nDeux.\n", "utf-8")
    with pytest.raises(MendingRefused, match="line 6"):
        read_transcript(folder / "d01.srt", options=ReadOptions(strict=True))
    assert read_transcript(folder / "d02.srt", options=ReadOptions(strict=True)).report.words == 3
