"""What we sign verifies in independent libraries, which know only the standards.

openvc-core verifies our `eddsa-jcs-2022` as a whole. Of tokens it reads only the older encoding with
a `vc` claim, which `vc+jwt` forbids; there its key resolution and signature check are asked, and
PyJWT for the token.
"""

import jwt
import pytest
from openvc import VerificationPolicy, verify_credential, verify_signature
from openvc.did import DidKeyResolver

from skillpassport.vc.jose import parse_jws
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.strict_json import JsonObject
from tests.support.credentials import (
    ISSUER,
    NOW,
    STRANGER,
    a_credential,
    a_token,
    did_of,
    method_of,
    signed,
)
