"""The commands about the debates of the index: ``qdq debates``, ``show``, ``export``, ``label``, ``remove``,
``rebuild``."""

from typing import Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, print_json, progress, reported, say
from api.commands.options import DebateArgument, Format, Json, Out

app = typer.Typer()


@app.command(help=say("Lister les débats de l'index.", "List the debates of the index."))
@reported
def debates(as_json: Json = False) -> None:
    from api.commands.terminal import debates_text
    from api.schemas.debates import DebateOut, DebatesOut

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
    from api.commands.terminal import segments_text
    from api.schemas.debates import segments_out

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
        bool, typer.Option("--voices", help=say("Nommer les voix entières.", "Name whole voices."))
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
        from api.commands.naming_voices import name_all
        from api.commands.voices_text import voices_text
        from api.schemas.voices import voices_out

        if not as_json:
            name_all(engine, debate)
        found = voices_out(engine.attribution(debate), LANGUAGE)
        print_either(as_json, lambda: found, lambda: voices_text(found.voices, LANGUAGE))
        return
    if llm:
        from api.commands.terminal import model_labels_text
        from api.schemas.speakers import model_labels_out

        with progress(as_json) as told:
            labels = engine.label_with_model(debate, told)
        print_either(as_json, lambda: model_labels_out(labels, LANGUAGE), lambda: model_labels_text(labels, LANGUAGE))
        return
    from api.commands.labelling import label_all
    from api.schemas.speakers import turns_out

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


def _seconds(text: str | None, option: str) -> float | None:
    from index.times import parse_time

    if text is None:
        return None
    seconds = parse_time(text)
    if seconds is None:
        raise typer.BadParameter(say(f"{option} : « {text} » n'est pas un temps.", f"{option}: “{text}” is no time."))
    return seconds
