"""Functions fit a screen and files a sitting (the targets of the code that was our example)."""

import ast

from tests.architecture.source import ROOMS, python_files, text_of, tree_of

FUNCTION_LINES = 60  # for 99 of 100
LONGEST_FUNCTION_LINES = 70
FILE_LINES = 400
EVERYTHING = (*ROOMS, "tests")


def function_lines() -> list[tuple[int, str]]:
    return sorted(
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno}: {node.name}")
        for path in python_files(*EVERYTHING)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_functions_fit_a_screen() -> None:
    lengths = function_lines()
    long = [f"{where} has {lines} lines" for lines, where in lengths if lines > FUNCTION_LINES]
    too_long = [f"{where} has {lines} lines" for lines, where in lengths if lines > LONGEST_FUNCTION_LINES]
    assert not too_long, f"no function over {LONGEST_FUNCTION_LINES} lines:\n" + "\n".join(too_long)
    assert len(long) * 100 <= len(lengths), f"1 % may be over {FUNCTION_LINES} lines:\n" + "\n".join(long)


def test_files_are_short() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in python_files(*EVERYTHING)}
    long = [f"{path} has {lines} lines" for path, lines in lengths.items() if lines > FILE_LINES]
    assert not long, f"no file over {FILE_LINES} lines; cut it at a noun:\n" + "\n".join(long)
