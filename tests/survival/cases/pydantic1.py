# requires: pydantic[dotenv,email]==1.10.24
# Version 1: models, validators, settings from a file, dataclasses, schema, errors.
import os
import tempfile
from typing import List, Optional

from pydantic import BaseModel, BaseSettings, EmailStr, HttpUrl, ValidationError, conint, root_validator, validator
from pydantic.dataclasses import dataclass


class Item(BaseModel):
    name: str
    n: conint(gt=0)
    mail: Optional[EmailStr]
    url: HttpUrl = "https://example.com"
    tags: List[str] = []

    @validator("name")
    def no_blank(cls, value):
        if " " in value:
            raise ValueError("must not contain a blank")
        return value.title()

    @root_validator
    def both(cls, values):
        values["tags"] = sorted(values.get("tags") or [])
        return values


@dataclass
class Point:
    x: int
    y: float = 0.5


class Settings(BaseSettings):
    region: str
    debug: bool = False

    class Config:
        env_prefix = "APP_"


def handler(event, context):
    item = Item.parse_obj({"name": "hat", "n": "3", "mail": "a@example.com", "tags": ["b", "a"]})
    try:
        Item(name="a b", n=0, mail="none")
        errors = None
    except ValidationError as caught:
        errors = caught.errors()
    path = os.path.join(tempfile.mkdtemp(), "env")
    with open(path, "w", encoding="utf-8") as file:
        file.write("APP_REGION=eu\nAPP_DEBUG=1\n")
    settings = Settings(_env_file=path)
    return [item.json(), errors, Item.schema(), settings.dict(), repr(Point("3")), Item.__fields__["n"].type_.__name__]
