"""Why something could not be fetched: one class per cause, none of them quoting the answer."""

from skillpassport.errors import SkillPassportError


class FetchError(SkillPassportError):
    """Something at another host could not be had.

    url: the address asked for, without user and query
    """

    code = "fetch-error"

    def __init__(self, url: str, sentence: str) -> None:
        super().__init__(sentence)
        self.url = url


class FetchForbidden(FetchError):
    """The address is one that this instance never asks: its scheme, port, form or network."""

    code = "fetch-forbidden"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            url,
            f"Expected an https address on port 443 of a public host, found {reason}; "
            "an operator can allow a host and port in SKILLPASSPORT_FETCH_ALLOW.",
        )
        self.reason = reason


class FetchFailed(FetchError):
    """The host could not be reached, or its answer cannot be used."""

    code = "fetch-failed"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, f"Expected an answer with status 200, found {reason}; try later.")
        self.reason = reason


class FetchTooLarge(FetchError):
    """The answer is larger than this instance reads, before or after decompression."""

    code = "fetch-too-large"

    def __init__(self, url: str, max_bytes: int) -> None:
        super().__init__(
            url, f"Expected at most {max_bytes} bytes, found more; the host must trim."
        )
        self.max_bytes = max_bytes


class FetchTimedOut(FetchError):
    """The whole answer was not there when its time was up."""

    code = "fetch-timed-out"

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, f"Expected the whole answer within {seconds:g} s; try later.")
        self.seconds = seconds


class CertificatesUnreadable(SkillPassportError):
    """The file of certificate authorities cannot be used."""

    code = "certificates-unreadable"

    def __init__(self) -> None:
        super().__init__(
            "Expected SSL_CERT_FILE to name a readable file of PEM certificates; "
            "check the path and its content."
        )
