"""Token Status List: the status of tokens (JWT, SD-JWT, CWT), published as a signed token itself.

Follows the Internet-Draft draft-ietf-oauth-status-list (-20). It is not the Bitstring Status List:
compressed with zlib and not gzip, counted from the least significant bit and not from the most
significant one, and with one value for each token instead of one bit for each purpose.

Departs from the draft, each time by refusing more: a list is signed by the issuer of the token that
it speaks of, never by another under the same authority; never with a shared secret; a list of a
size that it does not need to have is bounded (`MAX_LIST_BYTES`).
"""

from skillpassport.vc.status_forms import STATUS
from skillpassport.vc.token_status.cwt import (
    STATUS_LIST_CWT,
    read_referenced_cwt,
    read_status_list_cwt,
    sign_status_list_cwt,
)
from skillpassport.vc.token_status.statuses import (
    INVALID,
    SUSPENDED,
    VALID,
    TokenStatusList,
    new_statuses,
    set_invalid,
    set_status,
    status_at,
)
from skillpassport.vc.token_status.tokens import (
    STATUS_LIST_JWT,
    StatusListToken,
    StatusReference,
    check_status_list_header,
    lifetime_of,
    read_status_list_token,
    sign_status_list_jwt,
)

__all__ = [
    "INVALID",
    "STATUS",
    "STATUS_LIST_CWT",
    "STATUS_LIST_JWT",
    "SUSPENDED",
    "VALID",
    "StatusListToken",
    "StatusReference",
    "TokenStatusList",
    "check_status_list_header",
    "lifetime_of",
    "new_statuses",
    "read_referenced_cwt",
    "read_status_list_cwt",
    "read_status_list_token",
    "set_invalid",
    "set_status",
    "sign_status_list_cwt",
    "sign_status_list_jwt",
    "status_at",
]
