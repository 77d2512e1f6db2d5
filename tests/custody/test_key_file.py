"""The generated master key: made once, for its owner alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skillpassport.custody.key_file import MasterKeyFileExposed, read_or_create_key_file
from skillpassport.custody.master import MasterKeyInvalid


def test_the_key_is_made_once_with_mode_0600(tmp_path: Path) -> None:
    path = tmp_path / "var" / "master.key"
    key = read_or_create_key_file(path)
    assert read_or_create_key_file(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]


def test_workers_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(read_or_create_key_file, [tmp_path / "master.key"] * 8))
    assert len(keys) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_key_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    read_or_create_key_file(path)
    path.chmod(mode)
    with pytest.raises(MasterKeyFileExposed, match="chmod 600"):
        read_or_create_key_file(path)


def test_a_broken_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(b"\xff\xfe nonsense")
    path.chmod(0o600)
    with pytest.raises(MasterKeyInvalid):
        read_or_create_key_file(path)
    assert path.read_bytes() == b"\xff\xfe nonsense"
