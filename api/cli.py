"""The command ``qdq``. Whatever loads models or numbers is imported inside the commands, so that ``--help`` is instant.

Exit codes: 0 done, 1 error, 2 usage, 3 abstained. With ``--json`` stdout holds one JSON document, also for an error.
"""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from index.errors import QdqError
from rag.language import interface_language

if TYPE_CHECKING:
    from pydantic import BaseModel

    from index.types import Progress
    from rag.engine import Engine
    from rag.types import Filters

ABSTAINED = 3
_LANGUAGE = interface_language()
_P = ParamSpec("_P")


def _say(french: str, english: str) -> str:
    return french if _LANGUAGE == "fr" else english


app = typer.Typer(
    name="qdq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=_say("Qui dit quoi : questions aux débats enregistrés.", "Qui dit quoi: questions to recorded debates."),
)

Json = Annotated[
    bool, typer.Option("--json", help=_say("Un document JSON sur la sortie.", "One JSON document on stdout."))
]
DebateArgument = Annotated[str, typer.Argument(help=_say("Identifiant du débat.", "The debate's id."))]
DebateOption = Annotated[str | None, typer.Option(help=_say("Ce débat seulement.", "This debate only."))]
SpeakerOption = Annotated[
    str | None, typer.Option(help=_say("Les propos de cette personne seulement.", "This person's words only."))
]
TopK = Annotated[int, typer.Option(min=1, max=50, help=_say("Nombre de passages.", "How many passages."))]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_say("Date AAAA-MM-JJ.", "Date YYYY-MM-DD."))]
Title = Annotated[str | None, typer.Option(help=_say("Titre ; sinon celui du fichier.", "Title; else the file's."))]
Url = Annotated[str | None, typer.Option(help=_say("Adresse de l'enregistrement.", "Address of the recording."))]
Iso = Annotated[str | None, typer.Option("--language", help=_say("Langue (fr, en).", "Language (fr, en)."))]
SideFile = Annotated[
    Path | None,
    typer.Option(help=_say("TSV ou CSV : colonnes start et speaker.", "TSV or CSV with columns start and speaker.")),
]
NewId = Annotated[
    str | None, typer.Option("--id", help=_say("Identifiant ; sinon tiré du nom.", "Id; else from the name."))
]


def _reported(command: Callable[_P, None]) -> Callable[_P, None]:
    """Our errors become one sentence on stderr, or a JSON document on stdout, and exit code 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except QdqError as error:
            if kwargs.get("as_json"):
                from api.errors import problem

                _print_json(problem(error, _LANGUAGE))
            else:
                typer.echo(error.message(_LANGUAGE), err=True)
            raise typer.Exit(1) from error

    return run


def _engine() -> "Engine":
    from rag.engine import Engine

    return Engine.open()


def _progress(as_json: bool) -> "AbstractContextManager[Progress | None]":
    from api.progress import progress_bar

    return progress_bar(_LANGUAGE, quiet=as_json)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _print(as_json: bool, document: "Callable[[], BaseModel]", text: Callable[[], str]) -> None:
    """Only the form that is wanted is made."""
    if as_json:
        _print_json(document().model_dump(mode="json"))
    else:
        typer.echo(text())


@app.command(help=_say("Ajouter des transcriptions à l'index.", "Add transcripts to the index."))
@_reported
def add(
    files: Annotated[list[Path], typer.Argument(help=_say("Fichiers à lire.", "Files to read."))],
    new_id: NewId = None,
    title: Title = None,
    date: Day = None,
    url: Url = None,
    language: Iso = None,
    speakers: SideFile = None,
    as_json: Json = False,
) -> None:
    """One bad file does not stop the others; the exit code tells."""
    from api.schemas import added_out
    from api.terminal import added_text
    from index.build import Details

    _check_files(files, one_only=bool(new_id or title or speakers))
    details = Details(new_id, title, date.date() if date else None, url, language, speakers)
    engine = _engine()
    results: list[dict[str, Any]] = []
    failed = False
    with _progress(as_json) as progress:
        for file in files:
            try:
                added = engine.add(file, details, progress=progress)
            except QdqError as error:
                if len(files) == 1:
                    raise
                failed = True
                results.append({"file": str(file), "error": error.message(_LANGUAGE)})
                typer.echo(error.message(_LANGUAGE), err=True)
            else:
                results.append({"file": str(file), **added_out(added, _LANGUAGE).model_dump(mode="json")})
                if not as_json:
                    typer.echo(added_text(added, _LANGUAGE))
    if as_json:
        _print_json({"files": results})
    if failed:
        raise typer.Exit(1)


@app.command(help=_say("Poser une question aux débats.", "Ask the debates a question."))
@_reported
def ask(
    question: Annotated[str, typer.Argument(help=_say("En français ou en anglais.", "In French or English."))],
    top_k: TopK = 5,
    speaker: SpeakerOption = None,
    debate: DebateOption = None,
    date_from: Day = None,
    date_to: Day = None,
    as_json: Json = False,
) -> None:
    """Exit code 3 when the debates do not answer."""
    engine = _engine()
    filters = _filters(speaker, debate, date_from, date_to)
    with _progress(as_json) as progress:
        _ask(engine, question, top_k, filters, as_json, progress)


def _check_files(files: list[Path], *, one_only: bool) -> None:
    """Raises BadParameter for options that fit one file only, and for files that would replace one another."""
    from index.build import slug

    if len(files) > 1 and one_only:
        raise typer.BadParameter(
            _say(
                "--id, --title et --speakers valent pour un seul fichier.",
                "--id, --title and --speakers are for one file.",
            )
        )
    ids = [slug(file.stem) for file in files]
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise typer.BadParameter(
            _say(
                f"deux fichiers donneraient le débat « {twice} » : ajoutez-les un à un, avec --id.",
                f"two files would become the debate “{twice}”: add them one by one, with --id.",
            )
        )


def _ask(
    engine: "Engine", question: str, top_k: int, filters: "Filters", as_json: bool, progress: "Progress | None"
) -> None:
    from api.schemas import AnswerOut
    from api.terminal import answer_text

    answer = engine.ask(question, top_k=top_k, filters=filters, progress=progress)
    _print(as_json, lambda: AnswerOut.model_validate(answer), lambda: answer_text(answer, _LANGUAGE))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


@app.command(
    help=_say("Chercher des passages, sans juger s'ils répondent.", "Find passages, whether or not they answer.")
)
@_reported
def search(
    query: Annotated[str, typer.Argument(help=_say("Une question ou des mots.", "A question or words."))],
    top_k: TopK = 5,
    speaker: SpeakerOption = None,
    debate: DebateOption = None,
    as_json: Json = False,
) -> None:
    from api.schemas import SearchOut
    from api.terminal import passages_text

    engine = _engine()
    with _progress(as_json) as progress:
        result = engine.search(query, top_k=top_k, filters=_filters(speaker, debate), progress=progress)
    _print(as_json, lambda: SearchOut.model_validate(result), lambda: passages_text(result.passages, _LANGUAGE))


@app.command(help=_say("Lister les débats de l'index.", "List the debates of the index."))
@_reported
def debates(as_json: Json = False) -> None:
    from api.schemas import DebateOut, DebatesOut
    from api.terminal import debates_text

    found = _engine().debates()
    _print(
        as_json,
        lambda: DebatesOut(debates=[DebateOut.model_validate(debate) for debate in found]),
        lambda: debates_text(found, _LANGUAGE),
    )


@app.command(help=_say("Montrer une transcription.", "Show a transcript."))
@_reported
def show(
    debate: DebateArgument,
    begin: Annotated[str | None, typer.Option("--from", metavar="MM:SS")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="MM:SS")] = None,
    as_json: Json = False,
) -> None:
    from api.schemas import segments_out
    from api.terminal import segments_text

    first, last = _seconds(begin, "--from"), _seconds(end, "--to")
    found = _engine().debate(debate)
    _print(
        as_json,
        lambda: segments_out(found, first, last),
        lambda: segments_text(found.between(first, last)),
    )


@app.command(help=_say("Retirer un débat de l'index.", "Remove a debate from the index."))
@_reported
def remove(debate: DebateArgument, as_json: Json = False) -> None:
    _engine().remove(debate)
    if as_json:
        _print_json({"removed": debate})
    else:
        typer.echo(_say(f"{debate} retiré.", f"{debate} removed."))


@app.command(
    help=_say("Refaire tous les vecteurs avec le modèle choisi.", "Make every vector again with the model chosen.")
)
@_reported
def rebuild(as_json: Json = False) -> None:
    engine = _engine()
    with _progress(as_json) as progress:
        count = engine.rebuild(progress)
    if as_json:
        _print_json({"debates": count})
    else:
        typer.echo(_say(f"{count} débats réindexés.", f"{count} debates indexed again."))


@app.command(help=_say("Essayer sur le débat fourni.", "Try it on the debate that is shipped."))
@_reported
def demo(as_json: Json = False) -> None:
    """Adds that debate unless it is there, and asks about it."""
    from api.terminal import added_text
    from eval.questions import DEBATE, SPEAKERS, TRANSCRIPT
    from index.build import Details
    from rag.types import Filters

    engine = _engine()
    question = "Que pense Kempf du RGPD ?"
    with _progress(as_json) as progress:
        if DEBATE not in {debate.id for debate in engine.debates()}:
            added = engine.add(TRANSCRIPT, Details(speakers=SPEAKERS), progress=progress)
            if not as_json:
                typer.echo(f"$ qdq add {TRANSCRIPT.name} --speakers {SPEAKERS.name}\n{added_text(added, _LANGUAGE)}\n")
        if not as_json:
            typer.echo(f"$ qdq ask « {question} »")
        _ask(engine, question, 3, Filters(debate=DEBATE), as_json, progress)


@app.command(help=_say("Servir l'API HTTP.", "Serve the HTTP API."))
@_reported
def serve(
    host: Annotated[str | None, typer.Option(help=_say("Adresse d'écoute.", "Address to listen on."))] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help=_say("Port.", "Port."))] = None,
    as_json: Json = False,
) -> None:
    """Until it is interrupted. Port 0 takes a free one; the address is printed once it listens."""
    from api.server import listening, run

    engine = _engine()
    with listening(host or engine.settings.host, engine.settings.port if port is None else port) as (socket, address):
        if as_json:
            _print_json({"url": address})
        else:
            typer.echo(
                _say(
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
        raise typer.BadParameter(_say(f"{option} : « {text} » n'est pas un temps.", f"{option}: “{text}” is no time."))
    return seconds


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
