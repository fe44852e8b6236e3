"""``qdq eval``: how well the questions of a suite are answered."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from api.commands.console import LANGUAGE, print_json, progress, reported, say
from api.commands.evaluate_speakers import speakers
from api.commands.options import Json, SuiteName

if TYPE_CHECKING:
    from eval.runs.compare import Difference
    from eval.runs.results import Result
    from eval.suites.suite import Suite
    from rag.settings import Settings

    Written: TypeAlias = tuple[Result, list[str]]

app = typer.Typer(
    no_args_is_help=True,
    help=say("Mesurer si les réponses sont justes.", "Measure whether answers are right."),
)

SystemOption = Annotated[
    list[str],
    typer.Option(
        "--system",
        metavar="NAME|FILE",
        help=say(
            "shipped, dense, bm25, fusion, ou un fichier de réglages ; répétable, le premier sert de référence.",
            "shipped, dense, bm25, fusion, or a file of settings; repeatable, the first is the reference.",
        ),
    ),
]


class Speakers(StrEnum):
    """Whether the system is told who speaks."""

    WITH = "with"
    WITHOUT = "without"
    BOTH = "both"


SpeakersOption = Annotated[
    Speakers | None,
    typer.Option(
        "--speakers",
        help=say(
            "Avec les noms des locuteurs, sans, ou les deux (par défaut quand un fichier les donne).",
            "With the names of speakers, without, or both (the default when a side file gives them).",
        ),
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        help=say(
            "Dossier des fichiers ; sinon eval-results/ et l'heure.",
            "Folder of the files; else eval-results/ and the time.",
        ),
        file_okay=False,
    ),
]
FloorsOption = Annotated[
    Path | None,
    typer.Option(help=say("Échouer sous ces seuils (TOML).", "Fail below these floors (TOML)."), dir_okay=False),
]
ResultArgument = Annotated[
    Path, typer.Argument(metavar="RESULT", help=say("Fichier JSON d'un résultat.", "JSON file of a result."))
]


@app.command(help=say("Poser les questions d'une suite et juger les réponses.", "Ask a suite's questions and judge."))
@reported
def run(
    suite: SuiteName = "debate",
    system: SystemOption = ["shipped"],  # noqa: B006 - typer reads the default, nothing changes it
    speakers: SpeakersOption = None,
    out: OutOption = None,
    floors: FloorsOption = None,
    as_json: Json = False,
) -> None:
    """Exit code 1 below a floor, and when a system failed on a question."""
    from eval.output.table import breaches_text
    from eval.runs.floors import breaches, read_floors
    from eval.suites.find import find_suite
    from rag.settings import load_settings

    settings = load_settings()
    lowest = read_floors(floors) if floors else None
    found = find_suite(suite, settings)
    if lowest:
        lowest.check_suite(found.name)
    results = _run(found, settings, system, _labellings(speakers, found), as_json, out or _new_folder())
    below = breaches(lowest, [result for result, _paths in results]) if lowest else []
    if as_json:
        print_json(_document(results, [f"{breach.result} {breach.measure.name}" for breach in below]))
    else:
        _print(results)
        if lowest:
            typer.echo("\n" + breaches_text(below, str(floors), LANGUAGE))
    if below or any(result.errors for result, _paths in results):
        raise typer.Exit(1)


app.command(help=say("Mesurer qui est dit parler.", "Measure who is said to speak."))(speakers)


def _new_folder() -> Path:
    """Under ``eval-results`` in this folder, by the time, so that an earlier result is there to be compared."""
    return Path("eval-results") / f"{datetime.now():%Y-%m-%d-%H%M%S}"


def _labellings(speakers: Speakers | None, suite: "Suite") -> list[bool]:
    if suite.home is not None and speakers not in (None, Speakers.WITH):
        raise typer.BadParameter(
            say("--speakers : les noms de votre index ne s'ôtent pas.", "--speakers: your index keeps its names.")
        )
    if speakers is None:
        return [True, False] if suite.has_side_files else [True]
    return {Speakers.WITH: [True], Speakers.WITHOUT: [False], Speakers.BOTH: [True, False]}[speakers]


def _run(
    suite: "Suite",
    settings: "Settings",
    systems: Sequence[str],
    labellings: Sequence[bool],
    as_json: bool,
    out: Path,
) -> "list[Written]":
    """Each result is written as soon as it is there."""
    from eval.output.report import write_report
    from eval.runs.results import write_result
    from eval.runs.run import Evaluation
    from eval.runs.systems import system_label, system_settings
    from index.files import writable

    labels = [system_label(system) for system in systems]
    for system, label in zip(systems, labels, strict=True):
        system_settings(system, settings)
        if labels.count(label) > 1:
            raise typer.BadParameter(say(f"--system : deux fois « {label} ».", f"--system: “{label}” twice."))
    writable(out)
    evaluation = Evaluation(suite, settings)
    server = f"http://{settings.host}:{settings.port}"
    written: list[Written] = []
    with progress(as_json) as told:
        for labelled in labellings:
            for system in systems:
                result = evaluation.run(system, labelled=labelled, progress=told)
                paths = [write_result(result, out), write_report(result, out, LANGUAGE, server)]
                written.append((result, [str(path) for path in paths]))
    return written


def _print(written: "Sequence[Written]") -> None:
    from eval.output.table import differences_text, results_text
    from eval.runs.compare import compare

    typer.echo(results_text([result for result, _paths in written], LANGUAGE))
    for one, other in _pairs(written):
        typer.echo("\n" + differences_text(one, other, compare(one, other), LANGUAGE))
    typer.echo("\n" + "\n".join(path for _result, paths in written for path in paths))


def _pairs(written: "Sequence[Written]") -> "list[tuple[Result, Result]]":
    """Each other system with the first one under the same names, and the first system without names with itself."""
    results = [result for result, _paths in written]
    firsts = {result.labelled: result for result in reversed(results)}
    pairs = [(firsts[result.labelled], result) for result in results if result is not firsts[result.labelled]]
    return [*([(firsts[True], firsts[False])] if len(firsts) == 2 else []), *pairs]


def _document(written: "Sequence[Written]", below: Sequence[str]) -> dict[str, Any]:
    """Without the questions, which stand in the files."""
    from eval.runs.compare import compare

    return {
        "results": [result.model_dump(mode="json", exclude={"questions", "excerpts"}) for result, _paths in written],
        "differences": [
            {"first": one.name, "second": other.name, "rows": _rows(compare(one, other))}
            for one, other in _pairs(written)
        ],
        "files": [path for _result, paths in written for path in paths],
        "failed": [
            {"result": result.name, "question": record.question.id, "error": record.error}
            for result, _paths in written
            for record in result.errors
        ],
        "below_floors": list(below),
    }


def _rows(differences: "Sequence[Difference]") -> list[dict[str, Any]]:
    return [
        {
            "measure": row.measure.name,
            "first": row.first,
            "second": row.second,
            "difference": row.difference,
            "interval": asdict(row.interval),
            "won": row.won,
            "lost": row.lost,
            "count": row.count,
        }
        for row in differences
    ]


@app.command(help=say("Comparer deux résultats, question par question.", "Compare two results, question by question."))
@reported
def compare(first: ResultArgument, second: ResultArgument, as_json: Json = False) -> None:
    """Refused for results over other recordings or questions."""
    from eval.output.table import differences_text
    from eval.runs.compare import compare as compared
    from eval.runs.results import read_result

    one, other = read_result(first), read_result(second)
    differences = compared(one, other)
    if as_json:
        print_json({"first": one.name, "second": other.name, "rows": _rows(differences)})
    else:
        typer.echo(differences_text(one, other, differences, LANGUAGE))


@app.command(help=say("Montrer une question : attendu, obtenu, pourquoi.", "Show a question: expected, came, why."))
@reported
def show(
    result: ResultArgument,
    question: Annotated[str, typer.Option(help=say("Identifiant de la question.", "The question's id."))],
    as_json: Json = False,
) -> None:
    from eval.output.show import question_text
    from eval.runs.results import read_result

    found = read_result(result)
    record = found.record(question)
    if as_json:
        print_json(record.model_dump(mode="json"))
    else:
        typer.echo(question_text(found, record, LANGUAGE))


@app.command(help=say("Écrire un résultat pour d'autres outils.", "Write a result for other tools."))
@reported
def export(
    result: ResultArgument,
    trec: Annotated[
        bool, typer.Option("--trec", help=say("Fichiers run et qrels de trec_eval.", "trec_eval's run and qrels."))
    ] = False,
    out: OutOption = None,
    as_json: Json = False,
) -> None:
    from eval.output.trec import export_trec
    from eval.runs.results import read_result

    if not trec:
        raise typer.BadParameter(say("donnez un format : --trec.", "give a format: --trec."))
    paths = [str(path) for path in export_trec(read_result(result), out or result.parent)]
    if as_json:
        print_json({"files": paths})
    else:
        typer.echo("\n".join(paths))


@app.command(
    help=say(
        "Juger des passages pour faire vos propres questions de test.",
        "Judge passages to make your own test questions.",
    )
)
@reported
def judge(
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS",
            help=say("Questions en JSONL, ou une par ligne.", "Questions as JSONL, or one a line."),
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help=say("Fichier écrit ; sinon QUESTIONS en .jsonl.", "File to write; else QUESTIONS as .jsonl."),
            dir_okay=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Asks about the debates of the user's index; saved after each question, gone on with at the next call."""
    from api.commands.judging import judge_all
    from rag.settings import load_settings

    path, done, left = judge_all(questions, out, load_settings(), quiet=as_json)
    if as_json:
        print_json({"file": str(path), "judged": done, "left": left})
    else:
        typer.echo(say(f"{path} : {done} questions jugées, {left} à juger.", f"{path}: {done} judged, {left} left."))
