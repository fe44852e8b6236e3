"""The commands that read transcripts: ``qdq add``, ``qdq check``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import LANGUAGE, open_engine, print_json, progress, reported, say
from api.commands.options import (
    Align,
    Columns,
    Day,
    FramesPerSecond,
    Iso,
    Json,
    Media,
    NewId,
    NoVoices,
    Recursive,
    SideFile,
    Strict,
    Title,
    Url,
    VoiceCount,
    WordsPerMinute,
)
from index.errors import QdqError

if TYPE_CHECKING:
    from index.read_options import ReadOptions
    from index.sound.hear import HearOptions
    from index.writing.batch import Outcome as FileOutcome
    from index.writing.build import Details

app = typer.Typer()


@app.command(help=say("Ajouter des transcriptions à l'index.", "Add transcripts to the index."))
@reported
def add(
    files: Annotated[list[Path], typer.Argument(help=say("Fichiers ou dossiers.", "Files or folders."))],
    recursive: Recursive = False,
    new_id: NewId = None,
    title: Title = None,
    date: Day = None,
    url: Url = None,
    media: Media = None,
    language: Iso = None,
    speakers: SideFile = None,
    strict: Strict = False,
    words_per_minute: WordsPerMinute = None,
    fps: FramesPerSecond = None,
    columns: Columns = None,
    no_voices: NoVoices = False,
    count: VoiceCount = None,
    align: Align = False,
    as_json: Json = False,
) -> None:
    """One bad file does not stop the others; the exit code tells. A folder is taken with what lies in it."""
    from api.commands.terminal import outcomes_text
    from index.media import is_address, media_from_here
    from index.sound.hear import HearOptions
    from index.writing.build import Details

    paths = _paths(files, recursive)
    if len(paths) != 1 and (new_id or title or speakers or media):
        raise typer.BadParameter(
            say(
                "--id, --title, --media et --speakers valent pour un seul fichier.",
                "--id, --title, --media and --speakers are for one file.",
            )
        )
    if (count or align) and (media is None or is_address(media) or no_voices):
        raise typer.BadParameter(
            say("--voices et --align demandent --media FICHIER.", "--voices and --align need --media FILE.")
        )
    options = _read_options(strict, words_per_minute, fps, columns)
    details = Details(new_id, title, date.date() if date else None, url, language, speakers, options=options)
    if media is not None:
        details = replace(details, media=media_from_here(media, Path()))
    voices = None if no_voices or media is None else HearOptions(count, align)
    outcomes = _add_all(paths, details, voices, quiet=as_json)
    if as_json:
        print_json({"files": [_outcome_out(outcome) for outcome in outcomes]})
    elif len(outcomes) > 1:
        typer.echo(outcomes_text(outcomes, LANGUAGE))
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(1)


def _add_all(
    paths: Sequence[Path], details: "Details", voices: "HearOptions | None", *, quiet: bool
) -> "list[FileOutcome]":
    """What came of each, told as it comes. Raises the error of a file that is alone."""
    from api.commands.terminal import outcome_text

    outcomes: list[FileOutcome] = []
    with progress(quiet) as told:
        engine = open_engine()
        for outcome in engine.add_files(paths, details, progress=told, voices=voices):
            if outcome.error and len(paths) == 1:
                raise outcome.error
            outcomes.append(outcome)
            if not quiet:
                typer.echo(outcome_text(outcome, LANGUAGE), err=outcome.error is not None)
        engine.watching.tell()
    return outcomes


def _paths(files: list[Path], recursive: bool) -> list[Path]:
    """Folders become the files in them, each file once."""
    from index.writing.batch import transcripts_among, transcripts_in

    found: dict[Path, None] = {}
    for file in transcripts_among(files):
        among = transcripts_in(file, recursive=recursive) if file.is_dir() else [file]
        if not among:
            raise typer.BadParameter(say(f"{file} ne contient aucun fichier.", f"{file} holds no file."))
        found.update(dict.fromkeys(among))
    return list(found)


def _outcome_out(outcome: "FileOutcome") -> dict[str, Any]:
    from api.schemas.debates import added_out

    if outcome.error is not None:
        return {"file": str(outcome.path), "error": outcome.error.message(LANGUAGE)}
    if outcome.added is None:
        return {"file": str(outcome.path), "debate": outcome.unchanged, "unchanged": True}
    return {"file": str(outcome.path), **added_out(outcome.added, LANGUAGE).model_dump(mode="json")}


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
    from api.commands.terminal import report_text
    from api.schemas.debates import report_out
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
