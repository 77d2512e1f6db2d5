"""JSON-LD contexts, bundled byte for byte; an unknown one is an error, never a fetch.

A context decides what the members of a signed document mean. One that is fetched while verifying
could change its meaning after the fact; therefore each is pinned here by its SHA-256 (NOTICE.md says
where each is from), and further ones come from a folder that the operator fills.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from skillpassport.errors import SkillPassportError
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

BUNDLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        CREDENTIALS_V1: (
            "credentials-v1.jsonld",
            "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        ),
        CREDENTIALS_V2: (
            "credentials-v2.jsonld",
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        ),
        "https://www.w3.org/ns/credentials/examples/v2": (
            "credentials-examples-v2.jsonld",
            "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
        ),
        "https://www.w3.org/ns/credentials/undefined-terms/v2": (
            "credentials-undefined-terms-v2.jsonld",
            "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        ),
        "https://w3id.org/security/data-integrity/v1": (
            "data-integrity-v1.jsonld",
            "c6e5073f4bd4bf6d08f245736e6f32c29b012860b18583644b2d71e1de862669",
        ),
        "https://w3id.org/security/data-integrity/v2": (
            "data-integrity-v2.jsonld",
            "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        ),
        "https://w3id.org/security/multikey/v1": (
            "multikey-v1.jsonld",
            "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        ),
        "https://w3id.org/security/suites/ed25519-2020/v1": (
            "ed25519-2020-v1.jsonld",
            "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        ),
        "https://www.w3.org/ns/did/v1": (
            "did-v1.jsonld",
            "adefa50311393eb1bd788a38ac9fe2696c65367928f6996812cd54577394f4da",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
            "ob-v3p0-3.0.1.json",
            "cfc147db5fd5e3575b06bd471fe04784e92de69296f64a351b8dff0ec3372e9c",
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
            "ob-v3p0-3.0.2.json",
            "bba433989e1e700ca60838a3c22378e7d8381aeb0c9590f9ddf84d1714f10296",
        ),
        OPEN_BADGES_3_0_3: (
            "ob-v3p0-3.0.3.json",
            "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        ),
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": (
            "clr-v2p0-2.0.1.json",
            "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
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
    return parse_object(read_bundled(url))


def read_bundled(url: str) -> bytes:
    """Return a bundled context as it is published.

    Raises: ContextDamaged
    """
    name, digest = BUNDLED[url]
    data = (_HERE / name).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ContextDamaged(url)
    return data


# Without a bound of its own: only what the operator's map names is ever loaded, and what a URL means
# must not change while the process runs, since compiled shapes rest upon it.
@cache
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
