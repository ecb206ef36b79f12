"""That somebody took a whole zone away, for whoever wants to know."""

from django.dispatch import Signal

# Sent before the first line. Arguments: user (who asks), zone (its name).
zone_downloaded = Signal()
