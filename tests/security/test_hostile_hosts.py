"""The whole run of hostile hosts against a server of another process, once."""

import pytest

from tests.faults.hostile_hosts import ONCE, play


@pytest.mark.slow
def test_no_host_and_no_document_holds_the_service_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "")  # which the run sets; this sees to its end
    # The promise in seconds is for a quiet machine; here nothing may hang, and no verdict be wrong.
    assert play("sqlite", 1, ways=ONCE, patience=5)
