"""The commands ``qdq backup`` and ``qdq restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import LANGUAGE, print_json, progress, reported, say
from api.commands.doctor import findings_document, findings_text
from api.commands.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.doctor.findings import Finding
    from rag.backup import Backup, Restored
    from rag.backup.archive import Manifest

app = typer.Typer()

File = Annotated[Path, typer.Argument(help=say("Le fichier de la sauvegarde.", "The file of the backup."))]
Force = Annotated[
    bool, typer.Option("--force", help=say("Remplacer un fichier de ce nom.", "Replace a file of this name."))
]
WithoutAnswers = Annotated[
    bool,
    typer.Option("--without-answers", help=say("Sans les réponses conservées.", "Without the answers that are kept.")),
]
WithoutKeys = Annotated[
    bool, typer.Option("--without-keys", help=say("Sans les clefs d'accès.", "Without the keys of access."))
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help=say("Mettre la sauvegarde à la place de ce qui est là.", "Put the backup in the place of what is there."),
    ),
]
WithKeys = Annotated[
    bool,
    typer.Option(
        "--with-keys",
        help=say(
            "Remplacer aussi les clefs d'accès : celles qui furent révoquées depuis valent de nouveau.",
            "Replace the keys of access, too: those that were revoked since are good again.",
        ),
    ),
]
Check = Annotated[
    bool,
    typer.Option("--check", help=say("Vérifier la sauvegarde, ne rien changer.", "Check the backup, change nothing.")),
]


@app.command(
    help=say(
        "Sauvegarder l'index et ce qui va avec dans un fichier, pendant qu'il sert.",
        "Back up the index and what goes with it to one file, while it is in use.",
    )
)
@reported
def backup(
    file: File,
    force: Force = False,
    without_answers: WithoutAnswers = False,
    without_keys: WithoutKeys = False,
    as_json: Json = False,
) -> None:
    from rag.backup import back_up
    from rag.settings import load_settings

    settings = load_settings()
    with progress(as_json) as told:
        made = back_up(settings, file, force=force, answers=not without_answers, keys=not without_keys, progress=told)
    if as_json:
        print_json(_made_document(made))
    else:
        typer.echo(_made_text(made))


@app.command(
    help=say(
        "Remettre une sauvegarde en place, d'un coup ; un serveur en marche continue.",
        "Put a backup back in place, at once; a server that runs goes on.",
    )
)
@reported
def restore(
    file: File,
    replace: Replace = False,
    with_keys: WithKeys = False,
    check: Check = False,
    as_json: Json = False,
) -> None:
    from rag.backup import check as checked
    from rag.backup import restore as put_back
    from rag.settings import load_settings

    settings = load_settings()
    with progress(as_json) as told:
        if check:
            manifest, findings = checked(file, settings, told)
        else:
            done = put_back(settings, file, replace=replace, keys=with_keys, progress=told)
    if not check:
        _print(as_json, _restored_document(done), _restored_text(done))
        return
    _print(as_json, findings_document(findings) | _document(manifest), _checked_text(manifest, findings))
    if not all(one.outcome.well for one in findings):
        raise typer.Exit(1)


def _print(as_json: bool, document: dict[str, Any], text: str) -> None:
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def _made_document(made: "Backup") -> dict[str, Any]:
    return {"file": str(made.path), "bytes": made.bytes, **_document(made.manifest)}


def _document(manifest: "Manifest") -> dict[str, Any]:
    from dataclasses import asdict

    found = asdict(manifest)
    return {name: value for name, value in found.items() if name != "members"} | {"files": list(found["members"])}


def _restored_document(done: "Restored") -> dict[str, Any]:
    return {"restored": done.put, "kept": done.kept, "aside": done.aside, **_document(done.manifest)}


def _holds(manifest: "Manifest") -> str:
    names = ", ".join(member.name for member in manifest.members)
    count, windows = manifest.debates, manifest.windows
    return say(
        f"débats : {count}, fenêtres : {windows}, état du {manifest.made} ({names})",
        f"debates: {count}, windows: {windows}, as of {manifest.made} ({names})",
    )


def _made_text(made: "Backup") -> str:
    size = f"{made.bytes / 1e6:.1f}"
    size = size.replace(".", ",") + " Mo" if LANGUAGE == "fr" else size + " MB"
    return say(f"{made.path} ({size}) : {_holds(made.manifest)}", f"{made.path} ({size}): {_holds(made.manifest)}")


def _checked_text(manifest: "Manifest", findings: "Sequence[Finding]") -> str:
    whole = say(f"Sauvegarde intacte, {_holds(manifest)}", f"An intact backup, {_holds(manifest)}")
    return f"{whole}\n{findings_text(findings)}"


def _restored_text(done: "Restored") -> str:
    put, kept = ", ".join(done.put), ", ".join(done.kept)
    lines = [say(f"Restauré : {put} ; {_holds(done.manifest)}", f"Restored: {put}; {_holds(done.manifest)}")]
    if kept:
        lines.append(say(f"Gardé tel qu'il est ici : {kept}.", f"Kept as it is here: {kept}."))
    if done.aside:
        where = ", ".join(done.aside)
        french = f"Illisible, mis de côté : {where}. Relancez les serveurs qui tournent."
        lines.append(say(french, f"Unreadable, put aside: {where}. Start again the servers that run."))
    return "\n".join(lines)
