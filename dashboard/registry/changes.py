"""That an administrator changed what an account has, for whoever remembers it."""

from django.dispatch import Signal

# Sent in the transaction of the change. Arguments: username (of the account).
account_changed = Signal()
