"""Names that say nothing are not used, and each error's code is its own."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import pytest

import skillpassport
from skillpassport.errors import SkillPassportError
from tests.support.checkout import CHECKOUT, SOURCE, tracked_files

EMPTY_WORDS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"})
KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OPEN_WORK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\): \S)")


def test_no_module_is_named_for_nothing() -> None:
    for module in SOURCE.rglob("*.py"):
        words = set(module.stem.split("_")) | {module.parent.name}
        assert not words & EMPTY_WORDS, f"{module} wants the name of what it is about"


@pytest.mark.parametrize("folder", ["src", "tests", "bench", "migrations"])
def test_open_work_names_its_issue(folder: str) -> None:
    for path in (CHECKOUT / folder).rglob("*.py"):
        if path.name == "test_names.py":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            assert not OPEN_WORK.search(line), f"{path}:{number}: write `TODO(#12): what is open`"


def test_every_error_has_a_code_of_its_own() -> None:
    codes = {error: error.code for error in concrete_errors()}
    assert all(KEBAB_CASE.fullmatch(code) for code in codes.values()), codes
    twice = {code for code, times in Counter(codes.values()).items() if times > 1}
    shared = sorted(error.__qualname__ for error, code in codes.items() if code in twice)
    assert not twice, f"{', '.join(shared)} share {', '.join(sorted(twice))}"


def test_an_error_shows_only_attributes_by_name() -> None:
    for error in concrete_errors():
        assert isinstance(error.public, tuple), f"{error.__qualname__}.public names attributes"


@pytest.mark.parametrize(
    "package",
    [
        "vc",
        "custody",
        "transparency",
        "organisations",
        "frameworks",
        "equivalence",
        "credentials",
        "db",
        "net",
    ],
)
def test_the_core_is_synchronous(package: str) -> None:
    for module in (SOURCE / package).rglob("*.py"):
        assert "async def" not in module.read_text("utf-8"), f"{module}: see docs/adr/0003"


def test_every_python_file_of_the_package_is_utf_8_with_line_feeds() -> None:
    for path in tracked_files():
        if path.suffix == ".py":
            assert b"\r" not in path.read_bytes(), path


def concrete_errors() -> Iterator[type[SkillPassportError]]:
    """Yield every error class of the package that names a code."""
    for module in pkgutil.walk_packages(skillpassport.__path__, "skillpassport."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for error in _descendants(SkillPassportError):
        if error.__module__.startswith("skillpassport.") and "code" in vars(error):
            yield error


def _descendants(error: type[SkillPassportError]) -> Iterator[type[SkillPassportError]]:
    for child in error.__subclasses__():
        yield child
        yield from _descendants(child)
