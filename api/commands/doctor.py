"""The command ``qdq doctor``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import LANGUAGE, print_json, progress, reported, say
from api.commands.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.doctor.findings import Finding

app = typer.Typer()

Mend = Annotated[
    bool,
    typer.Option(
        "--mend/--no-mend",
        help=say("Refaire ce qui se déduit du reste, ou le dire.", "Make again what follows from the rest, or tell."),
    ),
]
Deep = Annotated[
    bool,
    typer.Option(
        "--deep", help=say("Recalculer aussi quelques vecteurs.", "Make some of the vectors again, too, to compare.")
    ),
]


@app.command(
    help=say(
        "Vérifier l'index et ce qui va avec ; code 1 s'il reste quelque chose à faire.",
        "Check the index and what goes with it; exit code 1 when something is left to do.",
    )
)
@reported
def doctor(mend: Mend = True, deep: Deep = False, as_json: Json = False) -> None:
    from rag.doctor import examine
    from rag.settings import load_settings

    with progress(as_json) as told:
        findings = examine(load_settings(), mend=mend, deep=deep, progress=told)
    if as_json:
        print_json(findings_document(findings))
    else:
        typer.echo(findings_text(findings))
    if not all(one.outcome.well for one in findings):
        raise typer.Exit(1)


def findings_document(findings: "Sequence[Finding]") -> dict[str, Any]:
    """For programs."""
    return {
        "well": all(one.outcome.well for one in findings),
        "checks": [
            {
                "check": one.check.value,
                "outcome": one.outcome.value,
                "reasons": list(one.reasons),
                "advice": one.advice(LANGUAGE),
            }
            for one in findings
        ],
    }


_WORDS = {
    "ok": ("bien", "well"),
    "noted": ("à savoir", "to know"),
    "mended": ("refait", "mended"),
    "mendable": ("à refaire", "to be mended"),
    "damaged": ("abîmé", "damaged"),
}


def findings_text(findings: "Sequence[Finding]") -> str:
    """A line for all that is well, then what is not, why, and what to do."""
    well = [one.name(LANGUAGE) for one in findings if one.outcome == "ok"]
    lines = [f"{_WORDS['ok'][LANGUAGE != 'fr']}{say(' : ', ': ')}{', '.join(well)}"]
    for one in findings:
        if one.outcome == "ok":
            continue
        lines.append(f"{_WORDS[one.outcome][LANGUAGE != 'fr']}{say(' : ', ': ')}{one.name(LANGUAGE)}")
        lines += [f"  {reason}" for reason in one.reasons]
        lines += [f"  → {one.advice(LANGUAGE)}"] if one.advice(LANGUAGE) else []
    return "\n".join(lines)
