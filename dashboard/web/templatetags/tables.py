"""What tables have in common."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("elements/table_head.html")
def table_head(*columns: str, actions: bool = False) -> dict[str, Any]:
    """The head of a table with these columns, and with `actions` one more for what can be done with a row."""
    return {"columns": columns, "actions": actions}
