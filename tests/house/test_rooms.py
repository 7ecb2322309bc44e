"""What may stand in the root, and what no module may be called."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"portal", "console", "web", "models", "jobs", "templates", "static", "tests"}
BESIDE = {".ci", "migrations", "translations", "docs"}
FILES = {"wsgi.py", "settings.py", "pyproject.toml", "README.md", "Makefile", "Procfile", "requirements.lock", ".gitignore"}
SHAPELESS = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "shared", "lib"}
LONGEST_VIEW = 25


def tracked() -> list[Path]:
    """Everything in the repository, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [Path(name) for name in listed if (ROOT / name).exists()]


def strangers(paths: list[Path]) -> set[str]:
    """What stands in the root and should not."""
    return {path.parts[0] for path in paths} - ROOMS - BESIDE - FILES


def shapeless(paths: list[Path]) -> list[Path]:
    return [path for path in paths if SHAPELESS & {part.removesuffix(".py") for part in path.parts}]


def is_view(node: ast.AST) -> bool:
    """A function that a route leads to: decorated by ``bp.get``, ``portal.route`` and the like."""
    verbs = {"route", "get", "post", "put", "patch", "delete"}
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in verbs for mark in node.decorator_list
    )


def long_views(source: str) -> list[str]:
    views = (node for node in ast.walk(ast.parse(source)) if is_view(node))
    return [
        view.name
        for view in views
        if isinstance(view, ast.FunctionDef) and view.end_lineno and view.end_lineno - view.lineno + 1 > LONGEST_VIEW
    ]


def test_the_root_holds_the_rooms_and_what_tools_need() -> None:
    assert strangers(tracked()) == set()


def test_a_stranger_in_the_root_is_found() -> None:
    assert strangers([Path("app/main.py"), Path("models/shop.py"), Path("notes.txt")]) == {"app", "notes.txt"}


def test_every_module_has_a_name_that_says_something() -> None:
    assert shapeless(tracked()) == []


def test_a_shapeless_name_is_found() -> None:
    assert shapeless([Path("models/utils.py"), Path("jobs/common/a.py"), Path("models/shop.py")]) == [
        Path("models/utils.py"),
        Path("jobs/common/a.py"),
    ]


def test_views_are_short() -> None:
    views = [path for path in tracked() if path.suffix == ".py" and path.parts[0] in {"portal", "console"}]
    assert {str(path): long for path in views if (long := long_views((ROOT / path).read_text()))} == {}


def test_a_long_view_is_found() -> None:
    body = "\n".join(["    x = 1"] * LONGEST_VIEW)
    assert long_views(f'@bp.get("/")\ndef page():\n{body}') == ["page"]
    assert long_views(f"def question():\n{body}") == []
