"""``qdq eval speakers``: how often the right person is said to speak, by the text or from sound."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import LANGUAGE, print_json, progress, reported, say
from api.commands.options import Json, SuiteName


class Sounding(StrEnum):
    """The conditions of ``eval/attribution/made_script.py``, which is not loaded for its names alone."""

    CLEAN = "clean"
    NOISE = "noise"
    MUSIC = "music"
    BORDERS = "borders"
    TWO = "two"
    HARD = "hard"
    OVERLAP = "overlap"


HeldOut = Annotated[
    bool,
    typer.Option(
        "--held-out",
        help=say(
            "Réapprendre le modèle du texte sans chaque débat (quelques minutes).",
            "Fit the model of the text again without each debate (minutes).",
        ),
    ),
]
Audio = Annotated[
    Path | None,
    typer.Option(
        metavar=say("DOSSIER", "FOLDER"),
        help=say(
            "Voix (fichiers VOIX-NUMÉRO) dont sont faits des enregistrements des débats, qui sont alors entendus.",
            "Voices (files VOICE-NUMBER) of which recordings of the debates are made, which are then heard.",
        ),
    ),
]
Conditions = Annotated[
    list[Sounding] | None,
    typer.Option(
        "--condition",
        help=say(
            "Avec --audio : comment on s'entend ; répétable, sinon clean et hard.",
            "With --audio: how it sounds; repeatable, else clean and hard.",
        ),
    ),
]
Minutes = Annotated[
    float | None,
    typer.Option(
        min=1, help=say("Avec --audio : le début seulement de chaque débat.", "With --audio: each one's beginning.")
    ),
]


@reported
def speakers(
    suite: SuiteName = "debate",
    held_out: HeldOut = False,
    audio: Audio = None,
    conditions: Conditions = None,
    minutes: Minutes = None,
    as_json: Json = False,
) -> None:
    """With labels, from anonymous voices, from the text alone, after some answers of a person; or from sound."""
    from eval.shipped import FOLDER

    folder = FOLDER if suite == "debate" else Path(suite)
    if audio:
        _from_sound(folder, audio, conditions or (Sounding.CLEAN, Sounding.HARD), minutes, held_out, as_json)
    else:
        _from_text(folder, held_out, as_json)


def _from_text(folder: Path, held_out: bool, as_json: bool) -> None:
    from eval.attribution.tables import speaker_tables, tables_text
    from rag.settings import load_settings

    with progress(as_json) as told:
        found = speaker_tables(folder, load_settings().limits, held_out=held_out, progress=told)
    if as_json:
        print_json(found.to_dict())
    else:
        typer.echo(tables_text(found, LANGUAGE))


def _from_sound(
    folder: Path, audio: Path, conditions: Sequence[Sounding], minutes: float | None, held_out: bool, as_json: bool
) -> None:
    from eval.attribution.hearing import Asked, hearing_rows
    from eval.attribution.held_out import models_without_each
    from eval.attribution.made_sound import read_voices
    from eval.attribution.tables import hearing_dict, hearing_text
    from eval.suites.native import read_folder
    from rag.listening import listener
    from rag.settings import load_settings

    settings = load_settings()
    debates = [one.debate for one in read_folder(folder, folder.name, limits=settings.limits).recordings]
    models = models_without_each(folder) if held_out else {}
    asked = Asked(tuple(conditions), minutes, models=models, language=LANGUAGE)
    with progress(as_json) as told:
        rows = list(hearing_rows(debates, read_voices(audio), listener(settings), asked, told))
    if as_json:
        print_json(hearing_dict(rows))
    else:
        typer.echo(hearing_text(rows, LANGUAGE))
