# requires: marshmallow==4.4.0
# Schemas, nested and by name from the registry, fields, hooks, errors.
import datetime
import decimal
import uuid

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema


class Author(Schema):
    name = fields.String(required=True, validate=validate.Length(max=5))
    mail = fields.Email()
    books = fields.List(fields.Nested("Book", exclude=("author",)))


class Book(Schema):
    class Meta:
        unknown = EXCLUDE

    title = fields.String()
    author = fields.Nested(Author, only=("name",))
    at = fields.DateTime(format="rfc")
    price = fields.Decimal(places=2, as_string=True)
    ident = fields.UUID(load_default=uuid.UUID(int=1))
    where = fields.URL()
    ip = fields.IP()
    left = fields.TimeDelta()

    @post_load
    def wrap(self, data, **kwargs):
        return {"book": data}

    @validates_schema
    def check(self, data, **kwargs):
        if data.get("title") == "bad":
            raise ValidationError("no", "title")


def handler(event, context):
    when = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    dumped = Book().dump(
        {
            "title": "t",
            "author": {"name": "n", "mail": "x"},
            "at": when,
            "price": decimal.Decimal("1.239"),
            "left": datetime.timedelta(minutes=1),
        }
    )
    loaded = Book().load({"title": "t", "price": "2.5", "ip": "::1", "more": 1})
    errors = []
    for schema, data in (
        (Author(), {"name": "toolong", "mail": "x", "zzz": 1}),
        (Book(), {"title": "bad", "where": "x"}),
        (Author(), {"books": [{"at": "never"}]}),
    ):
        try:
            schema.load(data)
        except ValidationError as error:
            errors.append(error.messages)
    return {"dumped": dumped, "loaded": repr(loaded), "errors": errors}
