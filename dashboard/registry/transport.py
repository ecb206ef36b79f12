"""A `requests` transport that answers in this process."""

from requests.adapters import BaseAdapter


class EmbeddedAdapter(BaseAdapter):
    """Hands a prepared request to the registry's handler, without a socket."""
