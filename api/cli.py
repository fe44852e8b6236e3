"""The command ``qdq``. Whatever loads models or numbers is imported inside the commands, so that ``--help`` is instant.

Exit codes: 0 done, 1 error, 2 usage, 3 abstained, 4 a quote that is not so. With ``--json`` stdout holds one JSON
document, also for an error.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import answers_cli, eval_cli, overview_cli, people_cli, verify_cli
from api.console import LANGUAGE, open_engine, print_either, print_json, progress, reported, say
from api.options import (
    Columns,
    Day,
    DebateArgument,
    DebateOption,
    Format,
    FramesPerSecond,
    Iso,
    Json,
    NewId,
    Out,
    Recursive,
    SideFile,
    SpeakerOption,
    Strict,
    Title,
    TopK,
    Url,
    Worded,
    WordsPerMinute,
)
from index.errors import QdqError

if TYPE_CHECKING:
    from index.batch import Outcome as FileOutcome
    from index.read_options import ReadOptions
    from index.types import Progress
    from rag.engine import Engine
    from rag.types import Filters

ABSTAINED = 3

app = typer.Typer(
    name="qdq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say("Qui dit quoi : questions aux débats enregistrés.", "Qui dit quoi: questions to recorded debates."),
)


app.add_typer(eval_cli.app, name="eval")
app.add_typer(people_cli.app, name="people")
app.add_typer(answers_cli.app, name="answers")
app.add_typer(overview_cli.app)
app.add_typer(verify_cli.app)


@app.command(help=say("Ajouter des transcriptions à l'index.", "Add transcripts to the index."))
@reported
def add(
    files: Annotated[list[Path], typer.Argument(help=say("Fichiers ou dossiers.", "Files or folders."))],
    recursive: Recursive = False,
    new_id: NewId = None,
    title: Title = None,
    date: Day = None,
    url: Url = None,
    language: Iso = None,
    speakers: SideFile = None,
    strict: Strict = False,
    words_per_minute: WordsPerMinute = None,
    fps: FramesPerSecond = None,
    columns: Columns = None,
    as_json: Json = False,
) -> None:
    """One bad file does not stop the others; the exit code tells. A folder is taken with what lies in it."""
    from api.terminal import outcome_text, outcomes_text
    from index.build import Details

    paths = _paths(files, recursive)
    if len(paths) != 1 and (new_id or title or speakers):
        raise typer.BadParameter(
            say(
                "--id, --title et --speakers valent pour un seul fichier.",
                "--id, --title and --speakers are for one file.",
            )
        )
    options = _read_options(strict, words_per_minute, fps, columns)
    details = Details(new_id, title, date.date() if date else None, url, language, speakers, options=options)
    outcomes: list[FileOutcome] = []
    with progress(as_json) as told:
        for outcome in open_engine().add_files(paths, details, progress=told):
            if outcome.error and len(paths) == 1:
                raise outcome.error
            outcomes.append(outcome)
            if not as_json:
                typer.echo(outcome_text(outcome, LANGUAGE), err=outcome.error is not None)
    if as_json:
        print_json({"files": [_outcome_out(outcome) for outcome in outcomes]})
    elif len(outcomes) > 1:
        typer.echo(outcomes_text(outcomes, LANGUAGE))
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(1)


def _paths(files: list[Path], recursive: bool) -> list[Path]:
    """Folders become the files in them, each file once."""
    from index.batch import transcripts_in

    found: dict[Path, None] = {}
    for file in files:
        among = transcripts_in(file, recursive=recursive) if file.is_dir() else [file]
        if not among:
            raise typer.BadParameter(say(f"{file} ne contient aucun fichier.", f"{file} holds no file."))
        found.update(dict.fromkeys(among))
    return list(found)


def _outcome_out(outcome: "FileOutcome") -> dict[str, Any]:
    from api.schemas import added_out

    if outcome.error is not None:
        return {"file": str(outcome.path), "error": outcome.error.message(LANGUAGE)}
    if outcome.added is None:
        return {"file": str(outcome.path), "debate": outcome.unchanged, "unchanged": True}
    return {"file": str(outcome.path), **added_out(outcome.added, LANGUAGE).model_dump(mode="json")}


@app.command(help=say("Poser une question aux débats.", "Ask the debates a question."))
@reported
def ask(
    question: Annotated[str, typer.Argument(help=say("En français ou en anglais.", "In French or English."))],
    top_k: TopK = 5,
    speaker: SpeakerOption = None,
    debate: DebateOption = None,
    date_from: Day = None,
    date_to: Day = None,
    llm: Worded = None,
    as_json: Json = False,
) -> None:
    """Exit code 3 when the debates do not answer."""
    engine = open_engine()
    filters = _filters(speaker, debate, date_from, date_to)
    with progress(as_json) as told:
        _ask(engine, question, top_k, filters, as_json, told, llm)


@app.command(help=say("Lire des fichiers sans rien indexer.", "Read files without indexing anything."))
@reported
def check(
    files: Annotated[list[Path], typer.Argument(help=say("Fichiers à lire.", "Files to read."))],
    strict: Strict = False,
    words_per_minute: WordsPerMinute = None,
    fps: FramesPerSecond = None,
    columns: Columns = None,
    as_json: Json = False,
) -> None:
    """Each thing that would be mended or dropped, with its line; exit code 1 when a file cannot be read."""
    from api.schemas import report_out
    from api.terminal import report_text
    from index.transcripts import read_transcript
    from rag.settings import load_settings

    options, limits = _read_options(strict, words_per_minute, fps, columns), load_settings().limits
    results: list[dict[str, Any]] = []
    for file in files:
        try:
            report = read_transcript(file, limits=limits, options=options).report
        except QdqError as error:
            results.append({"file": str(file), "error": error.message(LANGUAGE)})
            typer.echo(error.message(LANGUAGE), err=True)
        else:
            results.append({"file": str(file), "report": report_out(report, LANGUAGE).model_dump(mode="json")})
            if not as_json:
                typer.echo(report_text(file.name, report, LANGUAGE))
    if as_json:
        print_json({"files": results})
    if any("error" in result for result in results):
        raise typer.Exit(1)


def _read_options(strict: bool, words_per_minute: int | None, fps: float | None, columns: str | None) -> "ReadOptions":
    from index.read_options import ReadOptions
    from index.transcripts.text.table_columns import spelled

    return ReadOptions(words_per_minute, fps, spelled(columns or ""), strict)


def _ask(
    engine: "Engine",
    question: str,
    top_k: int,
    filters: "Filters",
    as_json: bool,
    told: "Progress | None",
    llm: bool | None = None,
) -> None:
    from api.schemas import AnswerOut
    from api.terminal import answer_text

    answer = engine.ask(question, top_k=top_k, filters=filters, generate=llm, progress=told)
    print_either(as_json, lambda: AnswerOut.model_validate(answer), lambda: answer_text(answer, LANGUAGE))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


@app.command(
    help=say("Chercher des passages, sans juger s'ils répondent.", "Find passages, whether or not they answer.")
)
@reported
def search(
    query: Annotated[str, typer.Argument(help=say("Une question ou des mots.", "A question or words."))],
    top_k: TopK = 5,
    speaker: SpeakerOption = None,
    debate: DebateOption = None,
    as_json: Json = False,
) -> None:
    from api.schemas import SearchOut
    from api.terminal import passages_text

    engine = open_engine()
    with progress(as_json) as told:
        result = engine.search(query, top_k=top_k, filters=_filters(speaker, debate), progress=told)
    print_either(as_json, lambda: SearchOut.model_validate(result), lambda: passages_text(result.passages, LANGUAGE))


@app.command(help=say("Lister les débats de l'index.", "List the debates of the index."))
@reported
def debates(as_json: Json = False) -> None:
    from api.schemas import DebateOut, DebatesOut
    from api.terminal import debates_text

    found = open_engine().debates()
    print_either(
        as_json,
        lambda: DebatesOut(debates=[DebateOut.model_validate(debate) for debate in found]),
        lambda: debates_text(found, LANGUAGE),
    )


@app.command(help=say("Montrer une transcription.", "Show a transcript."))
@reported
def show(
    debate: DebateArgument,
    begin: Annotated[str | None, typer.Option("--from", metavar="MM:SS")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="MM:SS")] = None,
    as_json: Json = False,
) -> None:
    from api.schemas import segments_out
    from api.terminal import segments_text

    first, last = _seconds(begin, "--from"), _seconds(end, "--to")
    found = open_engine().debate(debate, words=as_json)
    print_either(
        as_json,
        lambda: segments_out(found, first, last),
        lambda: segments_text(found.between(first, last)),
    )


@app.command(help=say("Donner un débat à d'autres programmes.", "Give a debate to other programs."))
@reported
def export(debate: DebateArgument, export_format: Format, out: Out = None, as_json: Json = False) -> None:
    """On stdout unless ``--out`` names a file."""
    from index.export import exported
    from index.files import save_text

    content = exported(open_engine().debate(debate, words=True), export_format)
    if out is not None:
        save_text(out, content)
    if as_json:
        print_json({"debate": debate, "format": export_format.value, "content": content})
    elif out is None:
        typer.echo(content, nl=False)
    else:
        typer.echo(say(f"{debate} écrit dans {out}.", f"{debate} written to {out}."))


@app.command(help=say("Dire qui parle, tour par tour.", "Say who speaks, turn by turn."))
@reported
def label(
    debate: DebateArgument,
    voices: Annotated[
        bool, typer.Option("--voices", help=say("Voir les voix et leurs noms.", "Show the voices and their names."))
    ] = False,
    llm: Annotated[
        bool, typer.Option("--llm", help=say("Demander à un modèle de langage.", "Ask a language model."))
    ] = False,
    as_json: Json = False,
) -> None:
    """The least certain turns come first; each key is saved at once."""
    if voices and llm:
        raise typer.BadParameter(say("--voices ou --llm, pas les deux.", "--voices or --llm, not both."))
    engine = open_engine()
    if voices:
        from api.speaker_schemas import voices_out
        from api.terminal import voices_text

        found = engine.attribution(debate)
        print_either(as_json, lambda: voices_out(found, LANGUAGE), lambda: voices_text(found.voices, LANGUAGE))
        return
    if llm:
        from api.speaker_schemas import model_labels_out
        from api.terminal import model_labels_text

        with progress(as_json) as told:
            labels = engine.label_with_model(debate, told)
        print_either(as_json, lambda: model_labels_out(labels, LANGUAGE), lambda: model_labels_text(labels, LANGUAGE))
        return
    from api.label import label_all
    from api.speaker_schemas import turns_out

    label_all(engine, debate)
    if as_json:
        print_json(turns_out(engine.attribution(debate)).model_dump(mode="json"))


@app.command(help=say("Retirer un débat de l'index.", "Remove a debate from the index."))
@reported
def remove(debate: DebateArgument, as_json: Json = False) -> None:
    open_engine().remove(debate)
    if as_json:
        print_json({"removed": debate})
    else:
        typer.echo(say(f"{debate} retiré.", f"{debate} removed."))


@app.command(
    help=say("Refaire tous les vecteurs avec le modèle choisi.", "Make every vector again with the model chosen.")
)
@reported
def rebuild(as_json: Json = False) -> None:
    engine = open_engine()
    with progress(as_json) as told:
        count = engine.rebuild(told)
    if as_json:
        print_json({"debates": count})
    else:
        typer.echo(say(f"{count} débats réindexés.", f"{count} debates indexed again."))


@app.command(help=say("Essayer sur le débat fourni.", "Try it on the debate that is shipped."))
@reported
def demo(as_json: Json = False) -> None:
    """Adds that debate unless it is there, and asks about it."""
    from api.terminal import added_text
    from eval.shipped import DEBATE, SPEAKERS, TRANSCRIPT
    from index.build import Details
    from rag.types import Filters

    engine = open_engine()
    question = "Que pense Kempf du RGPD ?"
    with progress(as_json) as told:
        if DEBATE not in {debate.id for debate in engine.debates()}:
            added = engine.add(TRANSCRIPT, Details(speakers=SPEAKERS), progress=told)
            if not as_json:
                typer.echo(f"$ qdq add {TRANSCRIPT.name} --speakers {SPEAKERS.name}\n{added_text(added, LANGUAGE)}\n")
        if not as_json:
            typer.echo(f"$ qdq ask « {question} »")
        _ask(engine, question, 3, Filters(debate=DEBATE), as_json, told)


@app.command(help=say("Servir l'API HTTP.", "Serve the HTTP API."))
@reported
def serve(
    host: Annotated[str | None, typer.Option(help=say("Adresse d'écoute.", "Address to listen on."))] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help=say("Port.", "Port."))] = None,
    as_json: Json = False,
) -> None:
    """Until it is interrupted. Port 0 takes a free one; the address is printed once it listens."""
    from api.server import listening, run

    engine = open_engine()
    with listening(host or engine.settings.host, engine.settings.port if port is None else port) as (socket, address):
        if as_json:
            print_json({"url": address})
        else:
            typer.echo(
                say(
                    f"Qui dit quoi écoute sur {address} (Ctrl-C pour arrêter)",
                    f"Qui dit quoi listens on {address} (Ctrl-C to stop)",
                )
            )
        sys.stdout.flush()
        run(engine, socket)


def _filters(
    speaker: str | None, debate: str | None, date_from: datetime | None = None, date_to: datetime | None = None
) -> "Filters":
    from rag.types import Filters

    return Filters(speaker, debate, date_from.date() if date_from else None, date_to.date() if date_to else None)


def _seconds(text: str | None, option: str) -> float | None:
    from index.times import parse_time

    if text is None:
        return None
    seconds = parse_time(text)
    if seconds is None:
        raise typer.BadParameter(say(f"{option} : « {text} » n'est pas un temps.", f"{option}: “{text}” is no time."))
    return seconds


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
