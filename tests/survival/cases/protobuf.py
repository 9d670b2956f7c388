# requires: protobuf==7.36.2
# A message type made at run time, JSON and text format, well-known types, Any, errors.
from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    json_format,
    message,
    message_factory,
    struct_pb2,
    text_format,
    timestamp_pb2,
)
from google.protobuf.internal import api_implementation


def handler(event, context):
    file = descriptor_pb2.FileDescriptorProto(name="slim.proto", package="slim", syntax="proto3")
    file.dependency.append("google/protobuf/timestamp.proto")
    kind = file.message_type.add(name="Thing")
    kind.field.add(name="name", number=1, type=9, label=1)
    kind.field.add(name="sizes", number=2, type=5, label=3)
    kind.field.add(name="at", number=3, type=11, label=1, type_name=".google.protobuf.Timestamp")
    pool = descriptor_pool.Default()
    pool.Add(file)
    Thing = message_factory.GetMessageClass(pool.FindMessageTypeByName("slim.Thing"))
    thing = Thing(name="ä", sizes=[1, 300], at=timestamp_pb2.Timestamp(seconds=1))
    data = thing.SerializeToString()
    packed = any_pb2.Any()
    packed.Pack(duration_pb2.Duration(seconds=3))
    mask = field_mask_pb2.FieldMask(paths=["name"])
    cut = Thing()
    mask.MergeMessage(thing, cut)
    tree = struct_pb2.Struct()
    tree.update({"a": [1, None, {"b": True}]})
    result = {
        "bytes": data.hex(),
        "same": Thing.FromString(data) == thing,
        "json": json_format.MessageToDict(thing),
        "back": json_format.ParseDict({"sizes": [5]}, Thing()).sizes[0],
        "any": json_format.MessageToDict(packed),
        "struct": json_format.MessageToDict(tree),
        "mask": text_format.MessageToString(cut, as_utf8=True),
        "kind": api_implementation.Type(),
    }
    errors = []
    for attempt in (
        lambda: Thing.FromString(b"\xff"),
        lambda: json_format.Parse('{"no": 1}', Thing()),
        lambda: text_format.Parse("x: 1", Thing()),
    ):
        try:
            attempt()
        except (message.DecodeError, json_format.ParseError, text_format.ParseError) as error:
            errors.append(type(error).__name__)
    return {**result, "errors": errors}
