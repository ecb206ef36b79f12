"""Examples of what goes in and out, made of those of its fields."""

from typing import Any

Json = dict[str, Any]

REF = "#/components/schemas/"


def resolved(schema: Json, schemas: Json) -> Json:
    """A schema itself where there is a reference to it."""
    name = schema.get("$ref", "").removeprefix(REF)
    found: Json = schemas[name] if name else schema
    return found


def example_of(schema: Json, schemas: Json) -> Any:
    """One value that a schema allows."""
    schema = resolved(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if "default" in schema:
        return schema["default"]
    for several in ("anyOf", "allOf"):
        if several in schema:
            return example_of(schema[several][0], schemas)
    match schema.get("type"):
        case "object":
            return {name: example_of(one, schemas) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [example_of(schema["items"], schemas)]
        case "boolean":
            return True
        case "null":
            return None
    return schema["enum"][0] if "enum" in schema else _FORMATS[schema.get("format", "")]


_FORMATS = {"date-time": "2026-11-29T12:00:00Z", "": ""}
