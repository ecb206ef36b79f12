"""Who does a task: a lease that runs out where its holder has gone."""

from django.db import models
from django_tasks_db.models import DBTaskResult


class TaskLease(models.Model):
    """Says that `holder`, a process, does a task until `until`, and for longer if it prolongs that.

    A lock would be free at once where a process dies, but for a machine that loses its power or its network
    PostgreSQL keeps the lock for as long as the connection seems to live, which may be hours.
    """

    task = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, primary_key=True, related_name="+")
    holder = models.CharField(max_length=32)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task_id}: {self.holder}"
