"""The commands that put a question: ``qdq ask``, ``qdq search``, ``qdq demo``."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, print_json, progress, reported, say
from api.commands.options import AnswerFile, Day, DebateOption, Json, Out, SpeakerOption, TopK, Worded

if TYPE_CHECKING:
    from api.export.answer import AnswerFormat
    from rag.engine import Engine
    from rag.types import Answer, Filters

ABSTAINED = 3

app = typer.Typer()


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
    answer_format: AnswerFile = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Exit code 3 when the debates do not answer. ``--format`` gives a file, on stdout unless ``--out`` names one."""
    if out is not None and answer_format is None:
        raise typer.BadParameter(say("--out va avec --format.", "--out goes with --format."))
    engine = open_engine()
    filters = _filters(speaker, debate, date_from, date_to)
    with progress(as_json) as told:
        answer = engine.ask(question, top_k=top_k, filters=filters, generate=llm, progress=told)
        if answer_format is None:
            print_answer(answer, as_json)
            return
    _print_file(engine, answer, answer_format, out, as_json)


def _print_file(
    engine: "Engine", answer: "Answer", answer_format: "AnswerFormat", out: Path | None, as_json: bool
) -> None:
    """Links lead to the recording where its address is known, else they are paths on the server."""
    from api.export.answer import Exported, exported
    from index.files import save_text

    dates = {one.id: one.date for one in engine.debates()}
    content = exported(Exported(answer, dates, lambda one: one.video_url or one.permalink), answer_format)
    if out is not None:
        save_text(out, content)
    if as_json:
        print_json({"question": answer.question, "format": answer_format.value, "content": content})
    elif out is None:
        typer.echo(content, nl=False)
    else:
        typer.echo(say(f"Réponse écrite dans {out}.", f"Answer written to {out}."))
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
    from api.commands.terminal import passages_text
    from api.schemas.answers import SearchOut

    engine = open_engine()
    with progress(as_json) as told:
        result = engine.search(query, top_k=top_k, filters=_filters(speaker, debate), progress=told)
    print_either(as_json, lambda: SearchOut.model_validate(result), lambda: passages_text(result.passages, LANGUAGE))


@app.command(help=say("Essayer sur le débat fourni.", "Try it on the debate that is shipped."))
@reported
def demo(as_json: Json = False) -> None:
    """Adds that debate unless it is there, and asks about it."""
    from api.commands.terminal import added_text
    from eval.shipped import DEBATE, SPEAKERS, TRANSCRIPT
    from index.writing.build import Details
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
        print_answer(engine.ask(question, top_k=3, filters=Filters(debate=DEBATE), progress=told), as_json)


def print_answer(answer: "Answer", as_json: bool) -> None:
    """Ends the command with its own exit code where the debates do not answer."""
    from api.commands.terminal import answer_text
    from api.schemas.answers import AnswerOut

    print_either(as_json, lambda: AnswerOut.model_validate(answer), lambda: answer_text(answer, LANGUAGE))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


def _filters(
    speaker: str | None, debate: str | None, date_from: datetime | None = None, date_to: datetime | None = None
) -> "Filters":
    from rag.types import Filters

    return Filters(speaker, debate, date_from.date() if date_from else None, date_to.date() if date_to else None)
