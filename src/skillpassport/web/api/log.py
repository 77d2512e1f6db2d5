"""The tamper-evident log, as the public sees it: its head, its entries, and proofs."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.transparency.entries import Entry
from skillpassport.transparency.proofs import ConsistencyProof, InclusionProof
from skillpassport.vc.strict_json import JsonObject, parse_object
from skillpassport.web.api.answers.log import LogEntryOut, LogHeadOut, LogProofOut
from skillpassport.web.description import QUESTION
from skillpassport.web.errors import Fault, RequestInvalid
from skillpassport.web.limits import limited
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/log", tags=["log"])

_LARGEST = (1 << 53) - 1  # beyond, JSON's numbers are not exact
Position = Annotated[int, Path(ge=0, le=_LARGEST)]
Number = Annotated[int | None, Query(ge=0, le=_LARGEST)]
Size = Annotated[int | None, Query(ge=1, le=_LARGEST)]
RowName = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z_]{1,40}/[A-Za-z0-9:@+%/._~-]{1,300}$",
        description="A row as its entry names it: `credentials/<id>`.",
    ),
]
_WAYS = {
    "Inclusion of an entry": ["position"],
    "Inclusion of a row's entry": ["row"],
    "Consistency": ["old_size"],
}
_PUBLIC = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


class LogServices(Protocol):
    """What these routes use."""

    def log_head(self) -> JsonObject:
        """Return size, root hash, time and the signed note of the newest head."""
        ...

    def log_entry(self, position: int) -> Entry:
        """Return the line of the log at a position.

        Raises: EntryUnknown
        """
        ...

    def prove_inclusion(self, where: int | str, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is in the log.

        Raises: EntryUnknown, TreeSizeUnknown
        """
        ...

    def prove_consistency(self, old_size: int, size: int | None = None) -> ConsistencyProof:
        """Return the proof that the log only grew since it had an older size.

        Raises: EntryUnknown, TreeSizeUnknown
        """
        ...


@router.get("/head", summary="Newest signed head of the log", response_model=LogHeadOut)
def head(request: Request) -> Response:
    """Return the newest signed head. Whoever keeps it can later prove that nothing was rewritten."""
    services: LogServices = request.app.state.services
    return JSONResponse(services.log_head(), headers=_PUBLIC)


@router.get(
    "/entries/{position}",
    summary="An entry of the log",
    response_model=LogEntryOut,
    dependencies=[Depends(limited("verification"))],
)
def entry(position: Position, request: Request) -> Response:
    """Return one entry: what was recorded, as a salted digest that says nothing of a person."""
    services: LogServices = request.app.state.services
    found = services.log_entry(position)
    told = {
        "position": position,
        "entry": parse_object(found.encoded()),
        "leaf": found.leaf().hex(),
    }
    return JSONResponse(told, headers=_PUBLIC)


@router.get(
    "/proof",
    summary="Prove inclusion or consistency",
    response_model=LogProofOut,
    response_model_exclude_none=True,
    dependencies=[Depends(limited("verification"))],
    openapi_extra={QUESTION: _WAYS},
)
def proof(
    request: Request,
    position: Number = None,
    row: RowName = None,
    old_size: Size = None,
    size: Size = None,
) -> Response:
    """Prove that an entry is in the log, or that the log only grew since it had an older size.

    One of `position`, `row` and `old_size` says what; `size` is that of the head that somebody
    holds, else of the newest one.
    """
    services: LogServices = request.app.state.services
    asked = [each for each in (position, row, old_size) if each is not None]
    if len(asked) != 1:
        raise RequestInvalid((_one_question(len(asked)),))
    if old_size is not None:
        told = _consistency(services.prove_consistency(old_size, size))
    else:
        told = _inclusion(services.prove_inclusion(asked[0], size))
    return JSONResponse(told, headers=_PUBLIC)


def _inclusion(proof: InclusionProof) -> dict[str, Any]:
    return {
        "kind": "inclusion",
        "position": proof.position,
        "size": proof.size,
        "leaf": proof.leaf.hex(),
        "root": proof.root.hex(),
        "path": [each.hex() for each in proof.path],
    }


def _consistency(proof: ConsistencyProof) -> dict[str, Any]:
    return {
        "kind": "consistency",
        "old_size": proof.old_size,
        "old_root": proof.old_root.hex(),
        "size": proof.size,
        "root": proof.root.hex(),
        "path": [each.hex() for each in proof.path],
    }


def _one_question(found: int) -> Fault:
    return Fault(
        "query:position",
        "question-ambiguous",
        f"Expected one of 'position', 'row' and 'old_size', found {found} of them.",
    )
