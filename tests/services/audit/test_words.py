"""Every event that is noted has a name for people."""

import ast

from dashboard.services.audit import EVENTS, called
from tests.test_architecture import OURS, tree_of


def noted() -> set[str]:
    """The words of all events that are written out where something is noted."""
    calls = [node for path in OURS for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and node.args]
    words = [call.args[0] for call in calls if ast.unparse(call.func) in {"note", "audit.note", "services.note"}]
    return {str(word.value) for word in words if isinstance(word, ast.Constant)}


def test_every_event_that_is_noted_has_a_name() -> None:
    assert {"sign-in", "credential.removed", "export.audit"} <= noted()
    assert noted() - set(EVENTS) == set()


def test_an_event_without_a_name_is_called_by_its_word() -> None:
    assert called("sign-in") == "Signed in"
    assert called("of.another.version") == "of.another.version"
