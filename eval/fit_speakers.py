"""Makes index/speakers/data/turns.json: ``python -m eval.fit_speakers bench/fredsum-dev [--write]``.

Weights are learnt from all debates of the folder, each in two cuts; confidences, and the threshold from which a name is
shown unasked, from models that leave out the debate they judge. Takes a few minutes on one core.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from eval.attribution.held_out import fit_all
from eval.attribution.recordings import gold_debates
from index.speakers.suggest.turn_model import to_document

_OUTPUT = Path(__file__).parent.parent / "index" / "speakers" / "data" / "turns.json"
_LARGEST = 100_000


def main() -> None:
    """Fit, and with ``--write`` put the weights into the package."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="a native suite of debates with speakers, such as bench/fredsum-dev")
    parser.add_argument("--write", action="store_true", help="replace index/speakers/data/turns.json")
    arguments = parser.parse_args()
    debates = gold_debates(arguments.folder)
    model, _held_out = fit_all(debates)
    document = {
        "made_by": "python -m eval.fit_speakers",
        "made_on": datetime.now(UTC).date().isoformat(),
        "made_from": "FREDSum (Rennard et al., Findings of EMNLP 2023), repository linto-ai/FREDSum, "
        f"transcripts of {len(debates)} French televised debates cut into captions; it holds cues of a few words",
        "license": "CC BY-SA 4.0",
        "debates": [debate.id for debate in debates],
        "model": to_document(model),
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    size = len(text.encode())
    print(f"{size} bytes, shown from {model.shown_at}, host from {model.host_at}")
    if size >= _LARGEST:
        raise SystemExit(f"{size} bytes are too many, at most {_LARGEST}")
    if arguments.write:
        _OUTPUT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
