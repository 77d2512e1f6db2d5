"""Settings: what the environment says, and clear sentences when it says nonsense."""

from datetime import timedelta
from pathlib import Path

import pytest

from skillpassport.settings import DEFAULT_RATE_LIMITS, SettingsInvalid, load_settings

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("SKILLPASSPORT_") or name == "SSL_CERT_FILE":
            monkeypatch.delenv(name)


def test_without_environment_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.public_url == "http://localhost:8000"
    assert settings.data_dir == Path("var")
    assert settings.seed == "registry"
    assert settings.database_url is None
    assert settings.auto_migrate is False
    assert settings.rate_limits == DEFAULT_RATE_LIMITS
    assert settings.ssl_cert_file is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SKILLPASSPORT_PUBLIC_URL": "https://passport.example/",
        "SKILLPASSPORT_PUBLIC_URL_ALIASES": "https://old.example, http://localhost:8000/",
        "SKILLPASSPORT_FETCH_ALLOW": "localhost:9443, [::1]:443,Issuer.Example:8443",
        "SKILLPASSPORT_RATE_LIMITS": "verification=200/second,key=1000/15min",
        "SKILLPASSPORT_SEED": "demo",
        "SKILLPASSPORT_AUTO_MIGRATE": "1",
        "SKILLPASSPORT_DATA_DIR": "/srv/passport",
        "SKILLPASSPORT_CONTEXTS_DIR": "",
        "SKILLPASSPORT_TRUST_ANCHORS": "/etc/authorities.pem",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.public_url == "https://passport.example"
    assert settings.public_bases == (
        "https://passport.example",
        "https://old.example",
        "http://localhost:8000",
    )
    assert settings.fetch_allow == {("localhost", 9443), ("::1", 443), ("issuer.example", 8443)}
    assert settings.rate_limits["verification"] == (200, SECOND)
    assert settings.rate_limits["key"] == (1000, timedelta(minutes=15))
    assert settings.rate_limits["login"] == DEFAULT_RATE_LIMITS["login"]
    assert settings.seed == "demo"
    assert settings.auto_migrate is True
    assert settings.data_dir == Path("/srv/passport")
    assert settings.contexts_dir is None
    assert settings.trust_anchors == Path("/etc/authorities.pem")
    assert settings.ssl_cert_file == Path("/etc/ca.pem")


def test_default_limits_are_never_below_the_promise() -> None:
    assert DEFAULT_RATE_LIMITS["verification"] >= (50, SECOND)
    assert DEFAULT_RATE_LIMITS["key"] >= (100, SECOND)


def test_secrets_may_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "master"
    file.write_text("a-secret\n")
    monkeypatch.setenv("SKILLPASSPORT_MASTER_KEY_FILE", str(file))
    settings = load_settings()
    assert settings.master_key is not None
    assert settings.master_key.get_secret_value() == "a-secret"
    assert settings.master_key_file == file


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SKILLPASSPORT_MASTER_KEY", "x")
    monkeypatch.setenv("SKILLPASSPORT_MASTER_KEY_FILE", str(tmp_path / "x"))
    with pytest.raises(SettingsInvalid, match="keep one"):
        load_settings()


def test_a_secret_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SKILLPASSPORT_BOOTSTRAP_ADMIN_KEY_FILE", str(tmp_path / "x"))
    with pytest.raises(SettingsInvalid, match="SKILLPASSPORT_BOOTSTRAP_ADMIN_KEY_FILE"):
        load_settings()


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MASTER_KEY", "BOOTSTRAP_ADMIN_KEY", "DATABASE_URL", "SUBJECT_KEYS_URL"):
        monkeypatch.setenv(f"SKILLPASSPORT_{name}", "postgresql://u:hunter2@h/d")
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings}"
    assert "hunter2" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "passport.example"),
        ("PUBLIC_URL", "ftp://passport.example"),
        ("PUBLIC_URL", "https://user:hunter2@passport.example"),
        ("PUBLIC_URL", "https://passport.example/?hunter2"),
        ("PUBLIC_URL", "https://passport.example:hunter2"),
        ("PUBLIC_URL_ALIASES", "https://ok.example,hunter2"),
        ("FETCH_ALLOW", "hunter2"),
        ("FETCH_ALLOW", "localhost:0"),
        ("FETCH_ALLOW", "localhost:70000"),
        ("FETCH_ALLOW", "https://localhost:443"),
        ("RATE_LIMITS", "hunter2"),
        ("RATE_LIMITS", "verification=0/second"),
        ("RATE_LIMITS", "verification=1/fortnight"),
        ("RATE_LIMITS", "verification=1/0s"),
        ("RATE_LIMITS", "verification=1/10"),
        ("RATE_LIMITS", "unheard=1/second"),
        ("SEED", "hunter2"),
        ("AUTO_MIGRATE", "hunter2"),
        ("LOG_LEVEL", "hunter2"),
        ("BOOTSTRAP_ADMIN_KEY", "hunter2 with spaces"),
        ("BOOTSTRAP_ADMIN_KEY", "hunter2\u00e9"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SKILLPASSPORT_{name}", value)
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert f"SKILLPASSPORT_{name}" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLPASSPORT_SEED", "x")
    monkeypatch.setenv("SKILLPASSPORT_PUBLIC_URL", "x")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert len(caught.value.problems) == 2
