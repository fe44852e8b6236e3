"""What the documents say a test shows is shown by a test that is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_NAMED = re.compile(r"`((?:[\w/]+\.py)?)::(\w+)`")


def _named_in(text: str) -> list[tuple[str, str]]:
    """File and function; ``::test`` is of the file that was named before."""
    found, file = [], ""
    for given, function in _NAMED.findall(text):
        file = given.removeprefix("tests/") or file
        found.append((file, function))
    return found


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/faults.md"])
def test_every_test_that_a_document_names_is_there(document: str) -> None:
    named = _named_in((ROOT / document).read_text("utf-8"))
    missing = [
        (file, function)
        for file, function in named
        if not (ROOT / "tests" / file).is_file() or function not in functions_of(ROOT / "tests" / file)
    ]
    assert len(named) >= 10 and missing == []
