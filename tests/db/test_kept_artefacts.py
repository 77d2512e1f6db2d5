"""What was made is handed out again, and memory has a bound."""

import pytest

from skillpassport.db.kept_artefacts import KeptArtefacts


class _Maker:
    def __init__(self) -> None:
        self.made: list[str] = []

    def make(self, name: str, size: int = 10) -> bytes:
        self.made.append(name)
        return name.encode() * size


def test_a_file_is_made_once() -> None:
    kept, maker = KeptArtefacts(), _Maker()
    for _ in range(3):
        assert kept.get("a", lambda: maker.make("a")) == b"a" * 10
    assert maker.made == ["a"]


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    kept, maker = KeptArtefacts(max_bytes=20), _Maker()
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name, lambda name=name: maker.make(name))  # type: ignore[misc]
    assert maker.made == ["a", "b", "c", "b"]


def test_a_file_beyond_the_bound_is_handed_out_and_not_kept() -> None:
    kept, maker = KeptArtefacts(max_bytes=20), _Maker()
    for _ in range(2):
        assert len(kept.get("a", lambda: maker.make("a", 100))) == 100
    assert maker.made == ["a", "a"]
    kept.get("b", lambda: maker.make("b"))
    kept.get("b", lambda: maker.make("b"))
    assert maker.made == ["a", "a", "b"]


def test_a_failure_is_not_remembered() -> None:
    kept, maker = KeptArtefacts(), _Maker()
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: bytes(1 // 0))
    assert kept.get("a", lambda: maker.make("a"))
