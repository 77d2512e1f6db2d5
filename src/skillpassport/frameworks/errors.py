"""Causes for which a question about a framework cannot be answered."""

from collections.abc import Sequence

from skillpassport.errors import SkillPassportError

_SHOWN = 40
"""How many notations a message lists; no framework known has more."""


class FrameworkUnknown(SkillPassportError):
    """No framework has this id or alias."""

    code = "framework-unknown"

    def __init__(self) -> None:
        super().__init__(
            "The framework is not in the registry. Give an id such as 'NO:NKR'; "
            "GET /api/v1/frameworks lists them, GET /api/v1/frameworks/resolve reads free text."
        )


class FrameworkNotFound(SkillPassportError):
    """Nothing is at the address of this framework or edition."""

    code = "framework-not-found"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id of a framework, with or without '@' and one of its editions, found "
            "another text; GET /api/v1/frameworks lists them."
        )


class EditionUnknown(SkillPassportError):
    """The framework has no edition of this label."""

    code = "edition-unknown"
    public = ("framework", "editions")

    def __init__(self, framework: str, editions: Sequence[str]) -> None:
        super().__init__(
            f"Framework '{framework}' has no edition of this label; "
            f"its editions are {_listed(editions)}."
        )
        self.framework = framework
        self.editions = tuple(editions)


class LevelUnknown(SkillPassportError):
    """The edition of the framework has no level of this notation."""

    code = "level-unknown"
    public = ("framework", "edition", "levels")

    def __init__(self, framework: str, edition: str, levels: Sequence[str]) -> None:
        super().__init__(
            f"The level is not in framework '{framework}', edition '{edition}', "
            f"whose levels are {_listed(levels)}; give one of those."
        )
        self.framework = framework
        self.edition = edition
        self.levels = tuple(levels)


class NoEditionInForce(SkillPassportError):
    """The framework has no edition in force on the day asked for."""

    code = "no-edition-in-force"
    public = ("framework", "editions")

    def __init__(self, framework: str, editions: Sequence[str]) -> None:
        super().__init__(
            f"No edition of framework '{framework}' is known to be in force on that day; "
            f"name one of {_listed(editions)} as '{framework}@edition', or another date."
        )
        self.framework = framework
        self.editions = tuple(editions)


class StandardUnknown(SkillPassportError):
    """No occupational standard has this id."""

    code = "standard-unknown"

    def __init__(self) -> None:
        super().__init__(
            "The occupational standard is not in the registry. Give an id such as "
            "'ES-FME035_2'; GET /api/v1/occupational-standards lists them."
        )


class RegistryInconsistent(SkillPassportError):
    """A row of the registry names something that the registry does not have."""

    code = "registry-inconsistent"

    def __init__(self, row: str, missing: str) -> None:
        super().__init__(
            f"Expected the registry to have what its rows name; {row} names {missing}, "
            "which is missing. Add it in the same transaction."
        )
        self.row = row
        self.missing = missing


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(f"'{text}'" for text in texts[:_SHOWN])
    return f"{shown} …" if len(texts) > _SHOWN else shown
