"""What is said about a number in the DNS: its state, its DNSSEC state, and remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dashboard.enum.problems import gettext_noop


class State(TextChoices):
    """How what a server says compares with what the registry has."""

    PUBLISHED = "published", _("published")
    DIFFERS = "differs", _("differs")
    MISSING = "missing", _("missing")
    EXTRA = "extra", _("extra")  # the DNS has records, and the registry none
    EMPTY = "empty", _("nothing to publish")  # neither has any
    BLOCK = "block", _("in a block")  # the registry has none, and a wildcard answers
    UNREACHABLE = "unreachable", _("unreachable")  # nobody knows: no answer, or one that cannot be believed
    UNPUBLISHED = "unpublished", _("not published")  # there is nobody to ask: the zone is in a file of ours


# The state of several servers together is that of the first in this list that one of them has.
WORST_FIRST = (
    State.DIFFERS,
    State.MISSING,
    State.EXTRA,
    State.UNREACHABLE,
    State.PUBLISHED,
    State.BLOCK,
    State.EMPTY,
)
AS_IT_SHOULD = frozenset({State.PUBLISHED, State.BLOCK, State.EMPTY})


class Dnssec(TextChoices):
    """What an answer's signatures say. A name server sends them; only a resolver that validates checks them."""

    UNSIGNED = "unsigned", _("unsigned")
    SIGNED = "signed", _("signed")
    VALIDATED = "validated", _("validated")
    BOGUS = "bogus", _("bogus")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for people: an English msgid with named %-placeholders that `params` fills."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.params


NO_TIME = gettext_noop("There was no time left to ask %(server)s.")
BOGUS = gettext_noop("%(server)s finds the signatures wrong (DNSSEC: bogus) and gives no answer.")
CODES: Mapping[str, str] = {
    "SERVFAIL": gettext_noop("%(server)s could not find out (SERVFAIL)."),
    "REFUSED": gettext_noop(
        "%(server)s refuses to answer this question (REFUSED). Most likely it has no zone that holds this name."
    ),
}
OTHER_CODE = gettext_noop("%(server)s answered with the code %(rcode)s.")
NOT_ITS_OWN = gettext_noop("%(server)s does not answer for this name itself: the name belongs to other servers.")
OTHER_TTL = gettext_noop("The zone's TTL is %(wanted)d seconds, and here it is %(found)d.")
FROM_A_CACHE = gettext_noop("%(server)s answers as a resolver does, not as a name server of the zone.")
REMEMBERS_NOTHING = gettext_noop(
    "The name servers have the number. The resolver may go on saying that it does not exist for %(seconds)d seconds."
)
REMEMBERS_OLD = gettext_noop("The resolver may go on giving this answer for %(seconds)d seconds.")
MAYBE_A_BLOCK = gettext_noop("The answer may be that of a block of numbers (a wildcard) that holds this number.")
MAYBE_FORMLESS = gettext_noop(
    "%(count)d records in the DNS may be those of services whose DNS form only the registry knows: %(services)s."
)
