# requires: jsonschema[format]==4.26.0
# ci: yes
# Meta-schemas from package data, references, formats that need other distributions, the best match of several errors.
import jsonschema
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource

NAME = Resource.from_contents(
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string", "minLength": 2}
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"$ref": "urn:name"},
        "mail": {"format": "email"},
        "at": {"format": "date-time"},
        "home": {"format": "uri"},
        "host": {"format": "idn-hostname"},
        "tone": {"format": "color"},
        "left": {"format": "duration"},
        "where": {"format": "json-pointer"},
    },
    "required": ["name"],
    "unevaluatedProperties": False,
}


def handler(event, context):
    Draft202012Validator.check_schema(SCHEMA)
    checker = FormatChecker()
    validator = Draft202012Validator(
        SCHEMA, registry=Registry().with_resource("urn:name", NAME), format_checker=checker
    )
    bad = {
        "name": "x",
        "mail": "no",
        "at": "yesterday",
        "home": "::",
        "host": "-",
        "tone": "loud",
        "left": "1",
        "where": "a",
        "extra": 1,
    }
    errors = sorted(error.message for error in validator.iter_errors(bad))
    try:
        jsonschema.validate({"$ref": 1}, {"$schema": "http://json-schema.org/draft-04/schema#", "type": "strange"})
    except jsonschema.SchemaError as error:
        schema_error = error.message
    old = best_match(Draft7Validator({"anyOf": [{"type": "string"}, {"items": {"type": "number"}}]}).iter_errors(["x"]))
    return {
        "errors": errors,
        "schema": schema_error,
        "best": old.message,
        "formats": sorted(checker.checkers),
        "versions": sorted(jsonschema.validators._META_SCHEMAS.keys().__iter__())
        if hasattr(jsonschema.validators._META_SCHEMAS, "keys")
        else [],
    }
