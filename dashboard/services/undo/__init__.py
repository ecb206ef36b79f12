"""Undo: changes taken back, without taking away what others did since."""

from dashboard.services.undo.undoing import NotUndoable, Theirs, UndoPlan, can_be_undone, plan_undo, undo

__all__ = ["NotUndoable", "Theirs", "UndoPlan", "can_be_undone", "plan_undo", "undo"]
