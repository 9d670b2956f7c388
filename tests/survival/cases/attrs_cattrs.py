# requires: attrs==26.1.0 cattrs==26.2.1
# Classes, validators, converters, structured and unstructured data, preconfigured converters, grouped errors.
import datetime
import enum
from typing import Optional, Union

import attr
import attrs
import cattrs
from attrs import define, evolve, field, frozen, validators
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union


class Kind(enum.Enum):
    A = "a"


@define
class Item:
    name: str = field(validator=validators.matches_re("^[a-z]+$"))
    count: int = field(default=0, converter=int, on_setattr=attrs.setters.frozen)


@frozen
class Order:
    items: list[Item]
    kind: Kind = Kind.A
    at: Optional[datetime.datetime] = None
    _hidden: int = 1


@define
class Other:
    x: float


def handler(event, context):
    converter = make_converter()
    order = converter.structure({"items": [{"name": "a", "count": 2}], "kind": "a", "at": "2024-01-02T03:04:05"}, Order)
    hook = make_dict_unstructure_fn(Order, converter, items=override(rename="parts"))
    converter.register_unstructure_hook(Order, hook)
    configure_tagged_union(Union[Item, Other], converter)
    errors = []
    for attempt in (
        lambda: Item("A"),
        lambda: converter.structure({"items": [{"name": "B"}, {}]}, Order),
        lambda: setattr(order, "kind", 1),
        lambda: setattr(order.items[0], "count", 1),
    ):
        try:
            attempt()
        except (ValueError, cattrs.BaseValidationError, attrs.exceptions.FrozenError) as error:
            told = cattrs.transform_error(error) if isinstance(error, cattrs.BaseValidationError) else []
            errors.append([type(error).__name__, told])
    return {
        "json": converter.dumps(order),
        "union": converter.unstructure([Item("x"), Other(1)], list[Union[Item, Other]]),
        "evolve": repr(evolve(order, kind=Kind.A, hidden=3)),
        "dict": attr.asdict(Other(1.5)),
        "made": attr.make_class("Made", ["a"])(1).a,
        "errors": errors,
    }
