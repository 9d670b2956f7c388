# requires: pydantic[email]==2.11.10
# event: {"id": "7", "mail": "a@example.com", "tags": ["x"], "when": "2024-02-29T12:00:00Z"}
# ci: yes
# Models of version 2: coercion, validators, JSON schema, errors, the compiled core, an e-mail through email-validator.
import datetime
import decimal
from typing import Annotated, Literal, Union

from pydantic import BaseModel, EmailStr, Field, HttpUrl, TypeAdapter, ValidationError, field_validator


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)] = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    url: HttpUrl


class Order(BaseModel):
    id: int
    mail: EmailStr
    tags: list[str]
    when: datetime.datetime
    price: decimal.Decimal = decimal.Decimal("1.10")
    pet: Union[Cat, Dog] = Field(default=None, discriminator="kind")

    @field_validator("tags")
    @classmethod
    def upper(cls, value):
        return [v.upper() for v in value]


def handler(event, context):
    order = Order.model_validate({**event, "pet": {"kind": "dog", "url": "https://example.com/x"}})
    try:
        Order.model_validate({"id": "x", "mail": "no", "pet": {"kind": "cat", "lives": 10}})
        errors = None
    except ValidationError as caught:
        errors = [[e["type"], list(e["loc"])] for e in caught.errors()]
    schema = Order.model_json_schema()
    many = TypeAdapter(dict[str, list[int]]).validate_json('{"a": [1, "2"]}')
    return [order.model_dump(mode="json"), errors, schema, many, repr(order)]
