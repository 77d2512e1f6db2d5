"""HEAD tells the headers of GET and nothing else."""

import pytest
from starlette.testclient import TestClient

from tests.support.web import a_web_app


@pytest.mark.parametrize("path", ["/livez", "/version", "/not-there"])
def test_head_answers_like_get_without_the_body(path: str) -> None:
    with TestClient(a_web_app()) as client:
        got, headed = client.get(path), client.head(path)
    assert headed.status_code == got.status_code
    assert headed.headers["content-type"] == got.headers["content-type"]
    assert headed.headers["content-length"] == got.headers["content-length"]
    assert headed.content == b""


def test_head_of_a_write_is_refused() -> None:
    with TestClient(a_web_app()) as client:
        assert client.head("/api/v1/verifications").status_code in {404, 405}
