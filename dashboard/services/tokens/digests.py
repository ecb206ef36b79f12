"""What is stored of a token's secret: a keyed digest, bound to its id and its person.

The secret has 256 bits, so nobody tries them one by one, and a slow hash would only cost each request its time. The
key is derived from the credential keys (`dashboard.vault`) and versioned by its name: after a rotation a digest is
renewed when its token is next used.
"""

from dashboard import narrowing, vault
from dashboard.models import Token
from dashboard.services.tokens.writing import Written

PURPOSE = "secret of a token"


def digest_of(user_id: int, written: Written) -> str:
    """What is stored for a token of this person, under the newest key."""
    return vault.digest(PURPOSE, _bound(user_id, written))


def is_secret_of(token: Token | None, written: Written) -> bool:
    """Whether somebody knows the secret of a token. It takes the same time where there is no such token."""
    if token is None:
        vault.has_digest(PURPOSE, _bound(0, written), "")
        return False
    return vault.has_digest(PURPOSE, _bound(token.user_id, written), token.digest)


def under_older_keys() -> int:
    """How many tokens work only as long as an older credential key is kept, since they were not used after it."""
    digests = narrowing.alive().values_list("digest", flat=True)
    return sum(not vault.is_newest(digest) for digest in digests.iterator())


def _bound(user_id: int, written: Written) -> str:
    return f"{user_id} {written.public_id} {written.secret}"
