"""What nobody waits for: settling, looking, telling. It is done by `manage.py work`, of which several may run."""

from dashboard.services.background.working import one_round, run

__all__ = ["one_round", "run"]
