# requires: grpcio==1.85.1 protobuf==7.36.2
# A server and a client on loopback, unary and streaming, with compression and an error; certificates from package data.
from concurrent import futures

import grpc
from google.protobuf import struct_pb2, wrappers_pb2


def twice(request, context):
    if request.value < 0:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "negative")
    return wrappers_pb2.Int64Value(value=request.value * 2)


def count(request, context):
    for n in range(request.value):
        yield wrappers_pb2.Int64Value(value=n)


def handler(event, context):
    codec = dict(
        request_deserializer=wrappers_pb2.Int64Value.FromString,
        response_serializer=wrappers_pb2.Int64Value.SerializeToString,
    )
    methods = {
        "Twice": grpc.unary_unary_rpc_method_handler(twice, **codec),
        "Count": grpc.unary_stream_rpc_method_handler(count, **codec),
    }
    server = grpc.server(futures.ThreadPoolExecutor(2), compression=grpc.Compression.Gzip)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("slim.Numbers", methods)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    codec = dict(
        request_serializer=wrappers_pb2.Int64Value.SerializeToString,
        response_deserializer=wrappers_pb2.Int64Value.FromString,
    )
    result = {"struct": len(struct_pb2.Struct().SerializeToString())}
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
        call = channel.unary_unary("/slim.Numbers/Twice", **codec)
        result["twice"] = call(wrappers_pb2.Int64Value(value=21), timeout=20).value
        stream = channel.unary_stream("/slim.Numbers/Count", **codec)
        result["count"] = [item.value for item in stream(wrappers_pb2.Int64Value(value=3), timeout=20)]
        try:
            call(wrappers_pb2.Int64Value(value=-1), timeout=20)
        except grpc.RpcError as error:
            result["error"] = [error.code().name, error.details()]
        try:
            channel.unary_unary("/slim.Numbers/None", **codec)(wrappers_pb2.Int64Value(), timeout=20)
        except grpc.RpcError as error:
            result["missing"] = error.code().name
    server.stop(None).wait()
    grpc.ssl_channel_credentials()
    from grpc import aio

    result["aio"] = aio.EOF is not None
    return result
