"""The reference lists every setting, and no other."""

import re

import pytest

from skillpassport.settings import DEFAULT_RATE_LIMITS, PREFIX, SECRETS, Settings
from tests.support.checkout import CHECKOUT

PAGE = (CHECKOUT / "docs" / "reference" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", PAGE, re.MULTILINE))
VARIABLES = {
    name: str(field.validation_alias or f"{PREFIX}{name.upper()}")
    for name, field in Settings.model_fields.items()
}


def test_every_setting_is_listed_and_every_listed_one_exists() -> None:
    assert set(ROWS) == set(VARIABLES.values())


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_marked(name: str) -> None:
    assert "*Secret.*" in ROWS[VARIABLES[name]]


def test_only_secrets_are_marked() -> None:
    marked = {variable for variable, row in ROWS.items() if "*Secret.*" in row}
    assert marked == {VARIABLES[name] for name in SECRETS}


@pytest.mark.parametrize("name", ["public_url", "seed", "log_level"])
def test_a_default_is_the_one_that_holds(name: str) -> None:
    default = Settings.model_fields[name].default
    assert f"`{default}` |" in ROWS[VARIABLES[name]]


def test_every_rate_limit_is_listed() -> None:
    for name, (count, period) in DEFAULT_RATE_LIMITS.items():
        unit = {1: "s", 60: "m", 3600: "h", 86_400: "24h"}[int(period.total_seconds())]
        assert f"`{name}={count}/{unit}`" in PAGE
