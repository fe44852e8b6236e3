"""The options and arguments of the commands, each once."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import say
from api.export.answer import AnswerFormat
from index.export import ExportFormat
from index.read_options import FRAME_RATES, MOST_VOICES, PACES

Json = Annotated[
    bool, typer.Option("--json", help=say("Un document JSON sur la sortie.", "One JSON document on stdout."))
]
DebateArgument = Annotated[str, typer.Argument(help=say("Identifiant du débat.", "The debate's id."))]
DebateOption = Annotated[str | None, typer.Option(help=say("Ce débat seulement.", "This debate only."))]
SpeakerOption = Annotated[
    str | None, typer.Option(help=say("Les propos de cette personne seulement.", "This person's words only."))
]
Worded = Annotated[
    bool | None,
    typer.Option(
        "--llm/--no-llm",
        help=say("Faire rédiger la réponse par un modèle de langage.", "Have a language model word the answer."),
    ),
]
TopK = Annotated[int, typer.Option(min=1, max=50, help=say("Nombre de passages.", "How many passages."))]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("Date AAAA-MM-JJ.", "Date YYYY-MM-DD."))]
Title = Annotated[str | None, typer.Option(help=say("Titre ; sinon celui du fichier.", "Title; else the file's."))]
Url = Annotated[str | None, typer.Option(help=say("Adresse de l'enregistrement.", "Address of the recording."))]
Media = Annotated[
    str | None,
    typer.Option(
        help=say(
            "Fichier audio ou vidéo : un chemin ou une adresse.",
            "Audio or video file: a path or an address.",
        )
    ),
]
Recording = Annotated[
    str | None,
    typer.Option(
        "--media",
        metavar=say("ENREGISTREMENT", "RECORDING"),
        help=say("Fichier audio ou vidéo ; sinon celui du débat.", "Audio or video file; else the debate's."),
    ),
]
VoiceCount = Annotated[
    int | None,
    typer.Option(
        "--voices",
        min=1,
        max=MOST_VOICES,
        help=say("Combien de voix ; sinon elles sont comptées.", "How many voices; else they are counted."),
    ),
]
NoVoices = Annotated[
    bool,
    typer.Option("--no-voices", help=say("Ne pas écouter l'enregistrement.", "Do not listen to the recording.")),
]
Align = Annotated[
    bool,
    typer.Option(
        "--align",
        help=say(
            "Accorder les temps à un enregistrement décalé.",
            "Fit the times to a recording that is shifted.",
        ),
    ),
]
People = Annotated[
    list[str] | None,
    typer.Option(
        "--participant",
        metavar=say("NOM, RÔLE", "NAME, ROLE"),
        help=say("Participant ; à répéter, tous sont donnés.", "Participant; repeated, all are given."),
    ),
]
Iso = Annotated[str | None, typer.Option("--language", help=say("Langue (fr, en).", "Language (fr, en)."))]
SideFile = Annotated[
    Path | None,
    typer.Option(
        help=say(
            "Qui parle quand : RTTM, JSON, ou tableau TSV ou CSV (colonnes start et speaker).",
            "Who speaks when: RTTM, JSON, or a TSV or CSV table (columns start and speaker).",
        )
    ),
]
NewId = Annotated[
    str | None, typer.Option("--id", help=say("Identifiant ; sinon tiré du nom.", "Id; else from the name."))
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help=say("Refuser ce qui serait réparé.", "Refuse what would be mended.")),
]
WordsPerMinute = Annotated[
    int | None,
    typer.Option(
        min=PACES[0],
        max=PACES[1],
        help=say("Débit, pour un texte sans aucun temps.", "Pace, for a text without any time."),
    ),
]
FramesPerSecond = Annotated[
    float | None,
    typer.Option(
        "--fps",
        min=FRAME_RATES[0],
        max=FRAME_RATES[1],
        help=say("Images par seconde (MicroDVD).", "Frames a second (MicroDVD)."),
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="start=NAME,text=NAME…",
        help=say("Colonnes d'un tableau : leur nom ou leur numéro.", "Columns of a table: their name or number."),
    ),
]
Recursive = Annotated[
    bool, typer.Option("--recursive", "-r", help=say("Avec les sous-dossiers.", "With the folders inside."))
]
Format = Annotated[ExportFormat, typer.Option("--format", help=say("Format de sortie.", "Format of the output."))]
AnswerFile = Annotated[
    AnswerFormat | None,
    typer.Option(
        "--format",
        help=say(
            "Un fichier : texte, JSON, liste d'extraits (CSV, EDL), sous-titres.",
            "A file: text, JSON, clip list (CSV, EDL), subtitles.",
        ),
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help=say("Fichier à écrire.", "File to write."))]
SuiteName = Annotated[
    str,
    typer.Option(
        "--suite",
        metavar="NAME|PATH",
        help=say(
            "« debate », un dossier (natif ou BEIR), ou un fichier JSONL de questions à votre index.",
            "“debate”, a folder (native or BEIR), or a JSONL file of questions to your index.",
        ),
    ),
]
