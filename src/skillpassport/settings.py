"""What the operator decides: `SKILLPASSPORT_*` in the environment, read once at start.

Each secret can come from a file instead: `SKILLPASSPORT_MASTER_KEY_FILE` names a file that holds
what `SKILLPASSPORT_MASTER_KEY` would have held. Addresses stay `str`: a URL type would add a
trailing slash, and identifiers in signed documents are compared character by character.
"""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from skillpassport.errors import SkillPassportError

PREFIX = "SKILLPASSPORT_"
SECRETS = (
    "master_key",
    "old_master_key",
    "bootstrap_admin_key",
    "database_url",
    "subject_keys_url",
)
"""Settings that may come from a file named by `<NAME>_FILE`."""

MAX_SECRET_FILE_BYTES = 64 * 1024
LARGEST_PORT = 65_535

Seed = Literal["demo", "registry", "none"]
RateLimits = Mapping[str, tuple[int, timedelta]]
"""Name of a limit to how many requests in what time: `{"key": (100, timedelta(seconds=1))}`."""

DEFAULT_RATE_LIMITS: RateLimits = {
    "verification": (50, timedelta(seconds=1)),
    "key": (100, timedelta(seconds=1)),
    "statement": (30, timedelta(minutes=1)),
    "new-statement": (50, timedelta(hours=24)),
    "login": (10, timedelta(minutes=1)),
    "recovery": (5, timedelta(minutes=1)),
    "reading-code": (10, timedelta(minutes=1)),
}
ALWAYS_LIMITED = frozenset({"login", "recovery", "reading-code"})
"""Guessable secrets: these stay throttled whatever the setting says."""

SHARED_LIMITS = ALWAYS_LIMITED | {"new-statement"}
"""Divided among the workers: what one address may do is not to grow with their number."""

_PERIODS = {
    "s": timedelta(seconds=1),
    "second": timedelta(seconds=1),
    "sec": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
}
_LIMIT = re.compile(
    r"(?P<name>[a-z][a-z-]*)=(?P<count>[1-9][0-9]{0,8})/(?P<times>[1-9][0-9]{0,3})?(?P<period>[a-z]+)"
)


class SettingsInvalid(SkillPassportError):
    """The environment holds a setting that cannot be used.

    problems: one sentence for each wrong setting, naming the variable
    """

    code = "settings-invalid"

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings cannot be used. " + " ".join(problems))
        self.problems = problems


def _public_url(text: object) -> str:
    url = str(text).strip().rstrip("/")
    parts = urlsplit(url)
    try:
        usable = parts.port is None or parts.port > 0
    except ValueError:
        usable = False
    if (
        not usable
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise ValueError(
            "Expected an address such as https://passport.example without user, query and "
            "fragment; give the one under which others reach this instance."
        )
    return url


def _addresses(text: object) -> object:
    if not isinstance(text, str):
        return text
    return tuple(_public_url(part) for part in text.split(",") if part.strip())


def _hosts_and_ports(text: object) -> object:
    if not isinstance(text, str):
        return text
    return frozenset(_host_and_port(part.strip()) for part in text.split(",") if part.strip())


def _host_and_port(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]").lower()
    if not colon or not host or not port.isascii() or not port.isdigit() or "/" in host:
        raise ValueError("Expected host:port, several separated by commas, such as localhost:9443.")
    if not 0 < int(port) <= LARGEST_PORT:
        raise ValueError("Expected ports from 1 to 65535.")
    return host, int(port)


def _rate_limits(text: object) -> object:
    """Read `default`, `off` or `name=n/period,…`; names that are not given keep their default."""
    if not isinstance(text, str):
        return text
    wanted = text.strip().lower()
    if wanted == "default":
        return dict(DEFAULT_RATE_LIMITS)
    if wanted == "off":
        return {name: DEFAULT_RATE_LIMITS[name] for name in ALWAYS_LIMITED}
    limits = dict(DEFAULT_RATE_LIMITS)
    for part in wanted.split(","):
        match = _LIMIT.fullmatch(part.strip())
        if match is None or match["name"] not in limits or match["period"] not in _PERIODS:
            raise ValueError(
                "Expected 'default', 'off', or name=n/period separated by commas, with the names "
                f"{', '.join(sorted(limits))} and the periods second, minute, hour, or so many: 10s."
            )
        period = int(match["times"] or 1) * _PERIODS[match["period"]]
        limits[match["name"]] = (int(match["count"]), period)
    return limits


def _admin_key(value: object) -> object:
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(
            "Expected printable ASCII characters without spaces, because the key travels in an "
            "Authorization header; take a long random value."
        )
    return value


class SecretFiles(PydanticBaseSettingsSource):
    """Reads a secret from the file that `SKILLPASSPORT_<NAME>_FILE` names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the file's text without its final line break, or None when no file is named."""
        del field
        name = f"{PREFIX}{field_name.upper()}"
        path = os.environ.get(f"{name}_FILE", "")
        if field_name not in SECRETS or not path:
            return None, field_name, False
        if os.environ.get(name):
            raise SettingsInvalid((f"{name} and {name}_FILE are both set; keep one of them.",))
        return _read_secret(name, Path(path)), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return every secret that is in a file."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


def _read_secret(name: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_SECRET_FILE_BYTES).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(
            (f"{name}_FILE names a file that cannot be read as text; check path and rights.",)
        ) from error


class Settings(BaseSettings):
    """Every setting of one instance; secrets never show in a representation.

    database_url: None for the SQLite file under `data_dir`
    old_master_key: still opens what it wrapped, until `keys rewrap` has been run
    fetch_allow: hosts and ports that outbound fetches may reach although private
    rate_limits: only the limits in force; `off` leaves those on guessable secrets
    seed: `demo`, `registry` (frameworks and level mappings only) or `none`
    ssl_cert_file: certificate authorities to trust instead of the bundled ones
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    data_dir: Path = Path("var")
    database_url: SecretStr | None = None
    subject_keys_url: SecretStr | None = None
    public_url: Annotated[str, BeforeValidator(_public_url)] = "http://localhost:8000"
    public_url_aliases: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)] = ()
    master_key: SecretStr | None = None
    old_master_key: SecretStr | None = None
    bootstrap_admin_key: Annotated[SecretStr, BeforeValidator(_admin_key)] | None = None
    fetch_allow: Annotated[
        frozenset[tuple[str, int]], NoDecode, BeforeValidator(_hosts_and_ports)
    ] = frozenset()
    contexts_dir: Path | None = None
    trust_anchors: Path | None = None
    seed: Seed = "registry"
    rate_limits: Annotated[
        dict[str, tuple[int, timedelta]], NoDecode, BeforeValidator(_rate_limits)
    ] = Field(default_factory=lambda: dict(DEFAULT_RATE_LIMITS))
    auto_migrate: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    ssl_cert_file: Annotated[Path | None, Field(validation_alias="SSL_CERT_FILE")] = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named by the library
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named by the library
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then files of secrets; never a .env file."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @property
    def master_key_file(self) -> Path | None:
        """Where the master key was read from, when it came from a file."""
        path = os.environ.get(f"{PREFIX}MASTER_KEY_FILE")
        return Path(path) if path else None

    @property
    def public_bases(self) -> tuple[str, ...]:
        """The addresses that are this instance: the public one, then its aliases."""
        return (self.public_url, *self.public_url_aliases)


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment, with the given ones taking precedence.

    Raises: SettingsInvalid, naming every wrong variable at once, never its value
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates each
    except ValidationError as error:
        problems = tuple(
            f"{_variable(fault['loc'])}: {fault['msg'].removeprefix('Value error, ').rstrip('.')}."
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsInvalid(problems) from error


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    return name if name == "SSL_CERT_FILE" else f"{PREFIX}{name.upper()}"
