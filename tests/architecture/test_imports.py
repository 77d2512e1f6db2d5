"""The dependency rule, run as a test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT, SOURCE

SERVER_PACKAGES = (
    "fastapi",
    "starlette",
    "uvicorn",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "httpx",
    "httpcore",
    "pydantic",
    "pydantic_settings",
    "jinja2",
    "typer",
)

IMPORT_ALL_OF_VC = f"""
import importlib, pkgutil, sys
import skillpassport.vc as vc
for module in pkgutil.walk_packages(vc.__path__, vc.__name__ + "."):
    importlib.import_module(module.name)
found = sorted(name for name in {SERVER_PACKAGES!r} if name in sys.modules)
sys.exit("vc imports " + ", ".join(found) if found else 0)
"""


PLANTED = {
    "vc/keys.py": "from skillpassport import organisations",
    "vc/strict_json.py": "import httpx",
    "credentials/model.py": "from skillpassport import equivalence",
    "organisations/model.py": "import sqlalchemy",
    "frameworks/model.py": "from skillpassport import db",
    "web/api/__init__.py": "from skillpassport.db import engine",
    "net/client.py": "from skillpassport.db import tables",
    "cli/__init__.py": "import sqlalchemy",
    "stray.py": "",
}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Return how the contracts of a checkout's pyproject.toml judge its `src`."""
    command = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        check=False,
        text=True,
    )


def test_every_import_contract_of_pyproject_is_kept() -> None:
    answer = lint_imports(CHECKOUT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("module", PLANTED)
def test_a_planted_violation_is_caught(module: str, tmp_path: Path) -> None:
    compiled = shutil.ignore_patterns("__pycache__")  # where others write while we copy
    shutil.copytree(SOURCE, tmp_path / "src" / "skillpassport", ignore=compiled)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    planted = tmp_path / "src" / "skillpassport" / module
    before = planted.read_text("utf-8") if planted.exists() else ""
    planted.write_text(before + "\n" + PLANTED[module] + "\n", "utf-8")

    answer = lint_imports(tmp_path)

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "BROKEN" in answer.stdout


def test_the_credential_library_imports_nothing_of_the_server() -> None:
    """Needs no tool: a fresh interpreter imports all of `skillpassport.vc`."""
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_OF_VC], capture_output=True, check=False, text=True
    )
    assert answer.returncode == 0, answer.stderr
