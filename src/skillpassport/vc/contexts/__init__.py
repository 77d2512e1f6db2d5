"""JSON-LD contexts, bundled byte for byte; an unknown one is an error, never a fetch.

A context decides what the members of a signed document mean. One that is fetched while verifying
could change its meaning after the fact; therefore each is pinned here by its SHA-256 (NOTICE.md says
where each is from), and further ones come from a folder that the operator fills.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from skillpassport.errors import SkillPassportError
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

BUNDLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        CREDENTIALS_V2: (
            "credentials-v2.jsonld",
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        ),
        "https://w3id.org/security/data-integrity/v1": (
            "data-integrity-v1.jsonld",
            "c6e5073f4bd4bf6d08f245736e6f32c29b012860b18583644b2d71e1de862669",
        ),
        OPEN_BADGES_3_0_3: (
            "ob-v3p0-3.0.3.json",
            "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        ),
        "https://www.w3.org/ns/did/v1": (
            "did-v1.jsonld",
            "adefa50311393eb1bd788a38ac9fe2696c65367928f6996812cd54577394f4da",
        ),
    }
)
"""Context URL to file name and SHA-256."""

_MAP_FILE = "context-map.json"
_HERE = Path(__file__).parent


class ContextError(SkillPassportError):
    """A JSON-LD context cannot be had."""


class ContextUnknown(ContextError):
    """Nobody pinned a context under this URL."""

    code = "context-unknown"

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            "Expected a JSON-LD context that is bundled or in the contexts folder; found "
            f"{quoted(url, 200)}. Put the file into the folder and name it in {_MAP_FILE}."
        )


class ContextDamaged(ContextError):
    """A bundled file is not the one that was pinned, or a file in the folder is no context."""

    code = "context-damaged"

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            f"Expected the published context {quoted(url, 200)}; found a file with other content. "
            "Install the package again, or correct the contexts folder."
        )


def load_context(url: str, *, folder: Path | None = None) -> JsonObject:
    """Return the context document under a URL; the caller must not change it.

    folder: holds further contexts and a `context-map.json` of URL to file name; it cannot replace
    a bundled one
    Raises: ContextUnknown, ContextDamaged
    """
    if url in BUNDLED:
        return _bundled(url)
    if folder is not None:
        return _from_folder(url, folder)
    raise ContextUnknown(url)


def is_known(url: str, *, folder: Path | None = None) -> bool:
    """Return whether `load_context` finds this URL."""
    try:
        load_context(url, folder=folder)
    except ContextError:
        return False
    return True


@lru_cache(maxsize=len(BUNDLED))
def _bundled(url: str) -> JsonObject:
    name, digest = BUNDLED[url]
    data = (_HERE / name).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ContextDamaged(url)
    return parse_object(data)


@lru_cache(maxsize=256)
def _from_folder(url: str, folder: Path) -> JsonObject:
    name = _map_of(folder).get(url)
    if not isinstance(name, str):
        raise ContextUnknown(url)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ContextDamaged(url)
    try:
        return parse_object(path.read_bytes())
    except (OSError, StrictJsonError) as error:
        raise ContextDamaged(url) from error


@lru_cache(maxsize=8)
def _map_of(folder: Path) -> JsonObject:
    try:
        return parse_object((folder / _MAP_FILE).read_bytes())
    except (OSError, StrictJsonError) as error:
        raise ContextDamaged(_MAP_FILE) from error
