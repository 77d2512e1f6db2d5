"""Why a bundle is not taken, and what of the registry is not there."""

from collections.abc import Iterable

from skillpassport.errors import SkillPassportError


class BundleUnreadable(SkillPassportError):
    """A file is not a bundle of a registry."""

    code = "bundle-unreadable"
    public = ("reason",)

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Expected a bundle that another instance has exported, found {reason}; "
            "nothing was brought in. Ask for the file again."
        )
        self.reason = reason


class BundleNotTrusted(SkillPassportError):
    """A bundle's manifest is not signed as the one who brings it in expects."""

    code = "bundle-not-trusted"
    public = ("reason",)

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Expected a manifest that the named service has signed, found {reason}; nothing was "
            "brought in. Ask the service for its DID and for the bundle again."
        )
        self.reason = reason


class RowsMalformed(SkillPassportError):
    """Rows of a bundle are not as the registry's tables are."""

    code = "bundle-rows-malformed"
    public = ("table", "line")

    def __init__(self, table: str, line: int) -> None:
        super().__init__(
            f"Expected rows as this version of the program exports them, found another one at line "
            f"{line} of {table}; nothing was brought in. Ask for a bundle of the same version."
        )
        self.table = table
        self.line = line


class VersionUnknown(SkillPassportError):
    """The registry never had this version."""

    code = "registry-version-unknown"
    public = ("newest",)

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Expected versions of the registry from 0 to {newest}, the first not after the "
            "second; GET /api/v1/registry/changes lists them."
        )
        self.newest = newest


class TableUnknown(SkillPassportError):
    """The registry has no such table to take along."""

    code = "registry-table-unknown"

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(f"Expected one of the tables {', '.join(known)}, found another name.")
