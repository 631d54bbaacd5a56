"""A key ring that is the same each time, of the keys in docs/form-code.md: so are the symbols of what it proves."""

import json
from base64 import b64encode

from kpr_portal.ground.keyring import parse_keyring

FIXED_GENERATION = {
    "id": "00c0ffee",
    "aes": b64encode(bytes(32)).decode(),
    "blake": b64encode(bytes(range(32))).decode(),
}
FIXED = parse_keyring(json.dumps({"generations": [FIXED_GENERATION]}), refuse_embedded=False)
