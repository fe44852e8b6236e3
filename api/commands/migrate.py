"""The command ``qdq migrate``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import LANGUAGE, print_json, progress, reported, say
from api.commands.options import Json
from index.errors import MigrationEmpty

if TYPE_CHECKING:
    from index.migrate import Migrated

app = typer.Typer()

To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar=say("ADRESSE|CHEMIN", "URL|PATH"),
        help=say(
            "Où copier : un serveur Milvus (http://…), un fichier .db, ou un dossier.",
            "Where to copy: a Milvus server (http://…), a .db file, or a folder.",
        ),
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar=say("ADRESSE|CHEMIN", "URL|PATH"),
        help=say("L'index à copier ; sinon celui des réglages.", "The index to copy; else that of the settings."),
    ),
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help=say("Remplacer les débats qui y diffèrent.", "Replace the debates that differ there."),
    ),
]


@app.command(
    help=say(
        "Copier l'index ailleurs, sans rien recalculer ; interrompu, il reprend.",
        "Copy the index elsewhere, without computing anything again; interrupted, it goes on.",
    )
)
@reported
def migrate(to: To, from_: From = None, replace: Replace = False, as_json: Json = False) -> None:
    """The copy is read again and compared; the source is only read."""
    from contextlib import closing

    from index.migrate import migrate as copy
    from rag.settings import index_place, load_settings
    from rag.stores import is_milvus, open_place

    settings = load_settings()
    to, place = index_place(to, "--to"), settings.store or str(settings.home)
    if from_ is not None:
        place = index_place(from_, "--from")
    if "://" not in place and not (Path(place) / ("" if is_milvus(place) else "index.sqlite")).exists():
        raise MigrationEmpty(source=place)
    with closing(open_place(place, settings)) as source, closing(open_place(to, settings)) as target:
        with progress(as_json) as told:
            done = copy(source, target, replace=replace, progress=told)
        if as_json:
            print_json(_document(done, source.place, target.place))
        else:
            typer.echo(_text(done, target.place))


def _document(done: "Migrated", source: str, target: str) -> dict[str, object]:
    return {
        "from": source,
        "to": target,
        "copied": list(done.copied),
        "present": list(done.present),
        "windows": done.windows,
        "verified": True,
        "source_changed": done.moved,
    }


def _text(done: "Migrated", target: str) -> str:
    copied, present, windows = len(done.copied), len(done.present), done.windows
    lines = [
        f"{target} : débats copiés : {copied}, déjà là : {present}, fenêtres : {windows} ; tout est vérifié"
        if LANGUAGE == "fr"
        else f"{target}: debates: {copied} copied, {present} there already, {windows} windows, all verified"
    ]
    if done.moved:
        lines.append(
            say(
                "La source a changé entre-temps : relancez la commande pour copier ce qui manque.",
                "The source changed meanwhile: run the command again to copy what is missing.",
            )
        )
    return "\n".join(lines)
