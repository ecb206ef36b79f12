"""One row at a time that nobody else changes."""

from django.db.models import Model


def lock(kind: type[Model], pk: int, **terms: object) -> bool:
    """Let nobody else change or remove a row until the transaction ends. Whether it is there, and as the `terms` say.

    Nothing of it is read: who may see it is decided afterwards, by what it is then.
    """
    locked = kind._default_manager.select_for_update().filter(pk=pk, **terms)
    return locked.order_by().values_list("pk").first() is not None
