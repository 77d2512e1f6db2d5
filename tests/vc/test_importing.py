"""The library is useful alone: it brings no server along and is there at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.credentials import a_credential, signed_text
from tests.support.markdown import blocks

MODULES = (
    "import pkgutil, importlib, skillpassport.vc as vc\n"
    "for module in pkgutil.walk_packages(vc.__path__, 'skillpassport.vc.'):\n"
    "    importlib.import_module(module.name)\n"
)
FORBIDDEN = (
    "sqlalchemy", "alembic", "fastapi", "starlette", "httpx", "httpcore", "uvicorn",
    "pydantic", "pydantic_settings", "psycopg", "jinja2", "typer", "sqlite3", "socket",
    "skillpassport.db", "skillpassport.net", "skillpassport.web", "skillpassport.settings",
    "skillpassport.bootstrap", "skillpassport.credentials",
)  # fmt: skip
LAZY = (
    "jsonschema_rs", "cryptography", "nacl", "pyld", "html", "xml",
    "skillpassport.vc.badges.svg", "skillpassport.vc.sdjwt", "skillpassport.vc.shapes",
    "skillpassport.vc.suites.ecdsa_sd_2023", "skillpassport.vc.token_status",
)  # fmt: skip


def loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after running some code."""
    script = f"{code}\nimport sys; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(run.stdout.split())


def test_the_whole_library_loads_nothing_of_the_server() -> None:
    loaded = loaded_after(MODULES)
    assert "skillpassport.vc.verify" in loaded
    assert not loaded.intersection(FORBIDDEN)


@pytest.mark.parametrize("package", LAZY)
def test_what_is_slow_to_load_comes_on_first_use(package: str) -> None:
    assert package not in loaded_after("import skillpassport.vc")


def test_a_notebook_verifies_with_the_library_alone(tmp_path: Path) -> None:
    """What the page on verifying offline shows is all that it takes."""
    (tmp_path / "credential.json").write_text(signed_text(a_credential()), "utf-8")
    (code,) = blocks(CHECKOUT / "docs" / "how-to" / "verify-offline.md", "python")
    loaded = loaded_after(f"import os\nos.chdir({str(tmp_path)!r})\n{code}")
    assert "valid" in loaded  # printed before the modules
    assert "skillpassport.vc.verify" in loaded
    assert not loaded.intersection(FORBIDDEN)
    assert not loaded.intersection({"pyld", "jsonschema_rs", "skillpassport.vc.sdjwt"})
