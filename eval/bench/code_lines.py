"""How much a user has to write: the lines of a module that hold code of theirs."""

import ast
import io
import tokenize

_SILENT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}
_GLUE = ("eval", "typing", "collections.abc", "__future__")
"""Imports that are there for the measurement, or for types alone."""


def user_lines(source: str) -> int:
    """Without blank lines, comments, docstrings and imports of ``_GLUE``.

    >>> user_lines('"Title."\\nimport os\\n\\nprint(  # hello\\n    os.name\\n)\\n')
    4
    """
    coded = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _SILENT
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(coded - _left_out(ast.parse(source)))


def _left_out(tree: ast.Module) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        if _is_docstring(node) or _is_glue(node):
            assert isinstance(node, ast.stmt)
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def _is_docstring(node: ast.AST) -> bool:
    """Any bare string: one below a constant says what the constant is."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_glue(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return module in _GLUE or module.startswith("eval.")
    return isinstance(node, ast.Import) and all(alias.name.split(".")[0] in _GLUE for alias in node.names)
