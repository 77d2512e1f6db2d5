"""The dependency rule, run as a test."""

import os
import subprocess
import sys

from tests.support.checkout import CHECKOUT

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


def test_every_import_contract_of_pyproject_is_kept() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    answer = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_credential_library_imports_nothing_of_the_server() -> None:
    """Needs no tool: a fresh interpreter imports all of `skillpassport.vc`."""
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_OF_VC], capture_output=True, check=False, text=True
    )
    assert answer.returncode == 0, answer.stderr
