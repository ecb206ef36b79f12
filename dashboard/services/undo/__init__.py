"""A number over time: its line of states, changes taken back without taking away what others did since, and a number
put back as it was then.
"""

from dashboard.services.undo.moments import Life
from dashboard.services.undo.restoring import NotRestorable, RestorePlan, plan_restore, restore
from dashboard.services.undo.undoing import NotUndoable, Theirs, UndoPlan, can_be_undone, plan_for, plan_undo, undo

__all__ = [
    "Life",
    "NotRestorable",
    "NotUndoable",
    "RestorePlan",
    "Theirs",
    "UndoPlan",
    "can_be_undone",
    "plan_for",
    "plan_restore",
    "plan_undo",
    "restore",
    "undo",
]
