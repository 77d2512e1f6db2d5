"""Documents of issuers and types are fetched within the same bounds as everything else."""

import pytest

from skillpassport.net.budget import MAX_QUESTIONS, BoundedResolvers
from skillpassport.net.client import Fetched, GuardedClient
from skillpassport.net.errors import FetchFailed, FetchForbidden, FetchTimedOut, FetchTooLarge
from skillpassport.net.resolvers import NetworkResolvers, NothingOwn
from skillpassport.vc.web_documents import WebDocumentUnreachable, fetch

URL = "https://issuer.example/.well-known/jwt-vc-issuer"


class FakeClient(GuardedClient):
    """Answers from a table and remembers what was asked."""

    def __init__(self, answers: dict[str, bytes | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int | None = None) -> Fetched:
        assert max_bytes is not None
        self.asked.append(url)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return Fetched(answer, "application/json")


def test_a_document_is_fetched_once_and_remembered() -> None:
    client = FakeClient({URL: b"{}"})
    resolvers = NetworkResolvers(client)
    assert fetch(resolvers, URL) == fetch(resolvers, URL) == b"{}"
    assert client.asked == [URL]


@pytest.mark.parametrize(
    "failure",
    [
        FetchForbidden(URL, "a host in a private network"),
        FetchFailed(URL, "status 500"),
        FetchTooLarge(URL, 1),
        FetchTimedOut(URL, 5),
    ],
    ids=lambda failure: failure.code,
)
def test_a_document_that_cannot_be_had_is_unreachable(failure: Exception) -> None:
    with pytest.raises(WebDocumentUnreachable):
        fetch(NetworkResolvers(FakeClient({URL: failure})), URL)


def test_one_verification_asks_only_so_often() -> None:
    client = FakeClient({f"{URL}/{number}": b"{}" for number in range(MAX_QUESTIONS + 1)})
    resolvers = BoundedResolvers(NetworkResolvers(client), NothingOwn())
    for number in range(MAX_QUESTIONS):
        assert fetch(resolvers, f"{URL}/{number}") == b"{}"
    with pytest.raises(WebDocumentUnreachable):
        fetch(resolvers, f"{URL}/{MAX_QUESTIONS}")
    assert len(client.asked) == MAX_QUESTIONS
