"""The one way to write a JSON value, and the digest by which it is named."""

import hashlib
import json


def canonical(value: object) -> str:
    """Write `value` as the JSON text that digests are taken of: sorted keys, no spaces, UTF-8 (after RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(value: object) -> str:
    """Give the SHA-256 in hex of the canonical form of `value`."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
