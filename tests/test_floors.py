"""The lowest accepted values: what falls below, what is read."""

from pathlib import Path

import pytest

from eval.measures.names import MEASURES
from eval.output.table import breaches_text
from eval.runs.floors import Floors, breaches, read_floors
from eval.runs.results import Result, Value
from index.errors import FileUnreadable, FloorsInvalid

FLOORS = Path(__file__).parents[1] / "eval" / "floors.toml"


def _floors(path: Path, content: str) -> Floors:
    (path / "floors.toml").write_text(content, "utf-8")
    return read_floors(path / "floors.toml")


@pytest.mark.parametrize(
    ("name", "value", "floor", "falls"),
    [
        ("hit_1", 0.8, 0.8, False),
        ("hit_1", 0.7996, 0.8, False),
        ("hit_1", 0.7994, 0.8, True),
        ("hit_1", 0.9, 0.8, False),
        ("wrong_answers", 0.3, 0.3, False),
        ("wrong_answers", 0.3004, 0.3, False),
        ("wrong_answers", 0.3006, 0.3, True),
        ("wrong_answers", 0.1, 0.3, False),
        ("aurc", 0.31, 0.3, True),
        ("words", 50.1, 50, True),
        ("words", 49, 50, False),
        ("auroc", 1, 1, False),
    ],
)
def test_a_floor_is_kept_to_three_decimals(
    shipped: Result, tmp_path: Path, name: str, value: float, floor: float, falls: bool
) -> None:
    result = shipped.model_copy(update={"summary": {name: Value(value=value, count=9)}})
    found = breaches(_floors(tmp_path, f"[radio]\n{name} = {floor}\n"), [result])
    assert [(one.result, one.measure.name, one.floor, one.value) for one in found] == (
        [("radio.shipped", name, floor, value)] if falls else []
    )


def test_floors_are_of_the_shipped_system_with_and_without_names(
    shipped: Result, fusion: Result, tmp_path: Path
) -> None:
    floors = _floors(tmp_path, "[radio]\nhit_1 = 1.0\n[radio.unlabelled]\nhit_1 = 1.1\n[other]\nhit_1 = 2\n")
    assert floors.tables == {
        ("radio", True): {"hit_1": 1.0},
        ("radio", False): {"hit_1": 1.1},
        ("other", True): {"hit_1": 2},
    }
    nameless = shipped.model_copy(update={"labelled": False})
    assert breaches(floors, [shipped, fusion]) == []
    (found,) = breaches(floors, [shipped, nameless, fusion])
    assert (found.result, found.floor, found.value) == ("radio.shipped.unlabelled", 1.1, 1.0)
    assert breaches_text([found], "f.toml", "en") == (
        "Below the floors of f.toml:\n  radio.shipped.unlabelled  hit_1  1.000 < 1.100"
    )
    assert breaches_text([], "f.toml", "fr") == "Rien sous les seuils de f.toml."


def test_what_has_no_table_falls_under_nothing_but_a_suite_without_any_is_told(
    shipped: Result, fusion: Result, tmp_path: Path
) -> None:
    worse = "hit_1 = 2.0\n"
    assert breaches(_floors(tmp_path, f"[debate]\n{worse}[radio.unlabelled]\n{worse}"), [shipped]) == []
    floors = _floors(tmp_path, f"[radio]\n{worse}")
    assert breaches(floors, [fusion, shipped.model_copy(update={"labelled": False})]) == []
    for suite in ("radio", "debate"):
        _floors(tmp_path, f"[radio]\n{worse}[debate.unlabelled]\n{worse}").check_suite(suite)
    for told in (floors, _floors(tmp_path, "")):
        with pytest.raises(FloorsInvalid) as caught:
            told.check_suite("debate")
        assert "it has no table [debate]" in caught.value.message("en")
        assert "il n'y a pas de table [debate]" in caught.value.message("fr")
    with pytest.raises(FileUnreadable, match=r"nowhere\.toml"):
        read_floors(tmp_path / "nowhere.toml")


def test_a_measure_that_is_missing_falls(shipped: Result, tmp_path: Path) -> None:
    result = shipped.model_copy(update={"summary": {}})
    (found,) = breaches(_floors(tmp_path, "[radio]\naurc = 0.3\n"), [result])
    assert (found.measure.name, found.value) == ("aurc", None)
    assert "absent > 0.300" in breaches_text([found], "f.toml", "fr")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[radio]\nhit_2 = 0.5\n", "radio.hit_2 = 0.5"),
        ('[radio]\nhit_1 = "high"\n', "radio.hit_1 = 'high'"),
        ("[radio]\nhit_1 = true\n", "radio.hit_1 = True"),
        ("[radio]\nhit_1 = nan\n", "radio.hit_1 = nan"),
        ("[radio]\nhit_1 = -inf\n", "radio.hit_1 = -inf"),
        ("[radio]\np50_ms = 4\n", "radio.p50_ms = 4"),
        ("[radio]\nunlabelled = 0.5\n", "radio.unlabelled = 0.5"),
        ("[radio.unlabelled]\nhit_2 = 0.5\n", "radio.unlabelled.hit_2 = 0.5"),
        ("[radio.labelled]\nhit_1 = 0.5\n", "radio.labelled = {'hit_1': 0.5}"),
        ("[[radio]]\nhit_1 = 0.5\n", "radio = [{'hit_1': 0.5}]"),
        ("hit_1 = 0.5\n", "hit_1 = 0.5"),
        ("[radio\n", "line 1"),
    ],
)
def test_floors_that_are_none_are_refused(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(FloorsInvalid) as caught:
        _floors(tmp_path, content)
    for sentence in (caught.value.message("fr"), caught.value.message("en")):
        assert told in sentence
        assert "floors.toml" in sentence


def test_the_shipped_floors_are_of_the_shipped_suite(shipped: Result) -> None:
    floors = read_floors(FLOORS)
    assert set(floors.tables) == {("debate", True), ("debate", False)}
    floors.check_suite("debate")
    gated = {"hit_1", "ndcg_20", "auroc", "aurc", "exact_quotes", "wrong_refusals", "wrong_answers"}
    assert [gated - set(table) for table in floors.tables.values()] == [set(), set()]
    best = {name: Value(value=float(measure.higher), count=1) for name, measure in MEASURES.items()}
    debate = shipped.model_copy(update={"suite": "debate", "summary": best})
    assert breaches(floors, [debate, debate.model_copy(update={"labelled": False})]) == []
