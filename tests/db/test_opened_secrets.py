"""Secrets that are kept open follow their rows."""

from skillpassport.db.opened_secrets import OpenedSecrets


class Counting:
    """Opens a value, and counts how often it had to."""

    def __init__(self) -> None:
        self.opened = 0

    def __call__(self) -> str:
        self.opened += 1
        return f"secret {self.opened}"


def test_a_secret_is_opened_once_while_its_row_stays_as_it_is() -> None:
    secrets: OpenedSecrets[str] = OpenedSecrets()
    unseal = Counting()
    assert secrets.get("key:1", b"sealed", unseal) == secrets.get("key:1", b"sealed", unseal)
    assert unseal.opened == 1


def test_a_row_that_was_changed_is_opened_anew() -> None:
    secrets: OpenedSecrets[str] = OpenedSecrets()
    unseal = Counting()
    secrets.get("key:1", b"sealed", unseal)
    assert secrets.get("key:1", b"altered", unseal) == "secret 2"


def test_the_same_octets_in_another_row_are_opened_for_that_row() -> None:
    secrets: OpenedSecrets[str] = OpenedSecrets()
    unseal = Counting()
    secrets.get("key:1", b"sealed", unseal)
    assert secrets.get("key:2", b"sealed", unseal) == "secret 2"


def test_the_oldest_secret_is_forgotten_when_there_are_too_many() -> None:
    secrets: OpenedSecrets[str] = OpenedSecrets(max_entries=2)
    unseal = Counting()
    for place in ("key:1", "key:2", "key:3", "key:1"):
        secrets.get(place, b"sealed", unseal)
    assert unseal.opened == 4
