"""The rules of the project that no linter knows."""

import ast
import doctest
import functools
import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "ocr_core", "pipelines")  # each may import what stands before it
MODULES = sorted(
    path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
)
SCRIPTS = [Path("setup.py"), *sorted(p.relative_to(ROOT) for p in (ROOT / "deploy").rglob("*.py"))]
TESTS = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


@functools.cache
def tree_of(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports_of(path):
    """Full names of all modules that a file imports, wherever in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield node.module


def is_bare(path):
    """Whether a file only says what it is and passes on names, as an `__init__` may."""
    passes_on = (ast.Expr, ast.Import, ast.ImportFrom)
    return all(
        isinstance(node, passes_on) or (isinstance(node, ast.Assign) and is_list_of_names(node))
        for node in tree_of(path).body
    )


def is_list_of_names(node):
    return [getattr(target, "id", "") for target in node.targets] == ["__all__"]


def test_there_is_something_to_check():
    assert Path("schemas/document.py") in MODULES
    assert Path("tests/test_architecture.py") in TESTS


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_downwards(path):
    above = PACKAGES[PACKAGES.index(path.parts[0]) + 1 :]
    forbidden = {*above, "tests", "setup"} | (
        set() if path.parts[0] == "pipelines" else {"apache_beam"}
    )
    found = {name for name in imports_of(path) if name.split(".")[0] in forbidden}
    assert not found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_outside_training_needs_training(path):
    is_command = path.parts[0] == "pipelines"
    if not is_command and not {"training", "recipes"} & set(path.parts):
        assert not [name for name in imports_of(path) if name.startswith("ocr_core.training")]


def home_of_tests(path):
    stem = "init" if path.stem == "__init__" else path.stem
    return Path("tests", path.parent, f"test_{stem}.py")


def test_every_source_file_has_its_test_file():
    expected = {home_of_tests(p) for p in MODULES if not is_bare(p)}
    missing = sorted(map(str, expected - set(TESTS)))
    assert not missing, "\n".join(missing)


def test_every_test_file_has_its_source_file():
    found = {path for path in TESTS if path.name.startswith("test_") and len(path.parts) > 2}
    stray = sorted(map(str, found - {home_of_tests(path) for path in MODULES}))
    assert not stray, "\n".join(stray)


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS, *TESTS], ids=str)
def test_files_and_functions_are_short(path):
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, functions):
            length = node.end_lineno - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", [p for p in TESTS if p.name.startswith("test_")], ids=str)
def test_test_files_hold_functions_and_no_classes(path):
    assert not [node.name for node in tree_of(path).body if isinstance(node, ast.ClassDef)]


def documented():
    return [path for path in MODULES if ">>>" in (ROOT / path).read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", documented(), ids=str)
def test_examples_in_docstrings_are_true(path):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def requirements():
    """What `setup.py` asks for: always, and with all that it names before it calls, for extras."""
    tree = tree_of("setup.py")
    [call] = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setup"
    ]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    named = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    extras = [text for part in (given["extras_require"], *named) for text in strings_in(part)]
    return strings_in(given["install_requires"]), extras


def strings_in(node):
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]


def canonical(requirement):
    name = re.match(r"[A-Za-z0-9._-]+", requirement).group()
    return re.sub(r"[-_.]+", "-", name).lower()


def pins():
    lines = (ROOT / "deploy/constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_version_is_pinned_once():
    for pin in pins():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+-]+", pin)
    names = [canonical(pin) for pin in pins()]
    assert len(names) == len(set(names))


def test_all_that_is_required_is_pinned():
    installed, extras = requirements()
    names = {canonical(pin) for pin in pins()}
    assert "torch" in map(canonical, installed)
    assert {canonical(name) for name in installed} <= names
    extra_names = {"test", "train", "gcp", "onnx", "s3"}
    assert {canonical(name) for name in extras if name not in extra_names} <= names


def test_pins_fit_every_build_of_torch():
    brought_by_cuda = re.compile(r"nvidia-|cuda-|triton")
    assert not [pin for pin in pins() if brought_by_cuda.match(pin)]
    assert "torch==2.13.0" in pins()
    assert not [
        pin for pin in pins() if canonical(pin) in {"opencv-python", "opencv-contrib-python"}
    ]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_whatever_is_imported_is_required(path):
    """Third-party modules that a file imports belong to packages that `setup.py` names."""
    package_of = {
        "cv2": "opencv-python-headless",
        "PIL": "pillow",
        "fontTools": "fonttools",
        "grpc": "grpcio",
    }
    installed, extras = requirements()
    required = {canonical(name) for name in [*installed, *extras, "fonttools", "wordfreq"]}
    for name in {name.split(".")[0] for name in imports_of(path)}:
        if name not in sys.stdlib_module_names and name not in PACKAGES:
            assert canonical(package_of.get(name, name)) in required


def test_rules_are_told_to_the_linter_too():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["ruff"]["line-length"] == 100
    assert settings["tool"]["ruff"]["lint"]["pylint"]["max-args"] == 5
    assert settings["tool"]["mypy"]["strict"] is True
    assert settings["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"
