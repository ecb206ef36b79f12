"""What is said about a write that did not take effect, or was sent before."""

from django.utils.translation import gettext as _

from dashboard.models import Change, Outcome


def sent_before(earlier: Change) -> str:
    """One sentence for a form that was not sent again, and the registry's words where it did not take effect."""
    text = _("This form was sent before and is not sent twice. Its outcome: %(outcome)s.") % {
        "outcome": Outcome(earlier.outcome).label
    }
    return text if earlier.outcome == Outcome.APPLIED else f"{text} {earlier.words}".strip()


def not_applied(change: Change) -> str:
    """One sentence for a write that was not done, or of which nobody knows."""
    params = {"registry": change.registry_name, "words": change.words}
    if change.outcome == Outcome.REFUSED and not change.words:
        return _("%(registry)s refused this and did not say why.") % params
    if change.outcome == Outcome.REFUSED:
        return _("%(registry)s refused this and said: %(words)s") % params
    if change.outcome == Outcome.NOT_APPLIED:
        return _("Nothing was changed. %(words)s") % params
    return _("It is not known whether this took effect. %(words)s The history lets you check it again.") % params
