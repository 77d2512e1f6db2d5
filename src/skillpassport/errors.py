"""The root of every error that this package raises.

One class per cause. An error says *what* is wrong; nothing here or in the domains knows HTTP:
`skillpassport.web.problems` holds the one table from error classes to RFC 9457 problems.
"""

from typing import ClassVar


class SkillPassportError(Exception):
    """A cause that the caller can tell apart and act upon.

    Data of the cause are attributes. Only those named in `public` are ever shown outside, so that
    a worker's data cannot ride along in an answer or a log line. The message says what was
    expected, what was found and what to do, without secrets or personal data.
    """

    code: ClassVar[str]
    """Stable kebab-case name of the cause; never re-used for another."""

    public: ClassVar[tuple[str, ...]] = ()
    """Attributes that may be shown in an answer."""

    @property
    def message(self) -> str:
        """The sentence for people."""
        return str(self)
