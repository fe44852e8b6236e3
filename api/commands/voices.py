"""The command ``qdq voices``: a recording is listened to, and the voices in it are shown."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import LANGUAGE, open_engine, print_either, progress, reported, say
from api.commands.options import Align, DebateArgument, Json, Recording, SideFile, VoiceCount

if TYPE_CHECKING:
    from index.types import Progress
    from index.writing.hearing import Laid
    from rag.engine import Engine

app = typer.Typer()


@app.command(help=say("Entendre qui parle, dans l'enregistrement.", "Hear who speaks, in the recording."))
@reported
def voices(
    debate: DebateArgument,
    media: Recording = None,
    count: VoiceCount = None,
    align: Align = False,
    speakers: SideFile = None,
    rttm: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=say("Écrire qui parle quand (RTTM).", "Write who speaks when (RTTM).")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Without ``--media`` the debate's own recording, unless its voices are known already: those are shown."""
    from api.commands.voices_text import voices_text
    from api.schemas.voices import voices_out
    from index.files import writable
    from index.media import is_address

    if speakers and (media or count or align):
        raise typer.BadParameter(say("--speakers ou --media, pas les deux.", "--speakers or --media, not both."))
    if media and is_address(media):
        raise typer.BadParameter(
            say("rien n'est téléchargé : --media est ici un fichier.", "nothing is fetched: --media is a file here.")
        )
    if rttm:
        writable(rttm.absolute().parent)  # an hour of listening should not end there
    engine = open_engine()
    with progress(as_json) as told:
        laid = _laid(engine, debate, media, count, align, speakers, told)
    known, notes = (laid.known, laid.notes) if laid else (engine.attribution(debate), ())
    if rttm:
        _write_rttm(rttm, engine, debate, laid)
    shown = voices_out(known, LANGUAGE)
    print_either(as_json, lambda: shown, lambda: voices_text(shown.voices, LANGUAGE, notes))


def _laid(
    engine: "Engine",
    debate: str,
    media: str | None,
    count: int | None,
    align: bool,
    speakers: Path | None,
    told: "Progress | None",
) -> "Laid | None":
    """What came of listening, or of a side file; None where nothing was asked for and voices are known."""
    from index.errors import MediaMissing
    from index.media import is_address
    from index.sound.hear import HearOptions

    if speakers:
        return engine.lay_labels(debate, speakers)
    known = engine.attribution(debate)
    if known.voices and media is None and count is None and not align:
        return None
    own = known.debate.media
    if media is None and (own is None or is_address(own)):
        raise MediaMissing(debate=debate)
    return engine.hear(debate, Path(media or own or ""), options=HearOptions(count, align), progress=told)


def _write_rttm(path: Path, engine: "Engine", debate: str, laid: "Laid | None") -> None:
    """Turns as they were heard, which lie over one another where two speak at once; else those of the segments."""
    from index.export import ExportFormat, exported, turns_rttm
    from index.files import save_text

    if laid is None or laid.heard is None:
        save_text(path, exported(engine.debate(debate), ExportFormat.RTTM))
        return
    names = {one.voice: one.speaker or one.voice for one in laid.known.voices}
    turns = ((turn.start, turn.end, names.get(turn.voice, turn.voice)) for turn in laid.heard.turns)
    save_text(path, turns_rttm(debate, turns))
