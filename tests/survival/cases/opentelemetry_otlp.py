# requires: opentelemetry-exporter-otlp==1.45.2 opentelemetry-sdk==1.45.2
# The gRPC and HTTP exporters sending to a collector in the same process.
import threading
from concurrent import futures
from http.server import BaseHTTPRequestHandler, HTTPServer

import grpc
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

SEEN = []


def note(way, request):
    for group in request.resource_spans:
        for scope in group.scope_spans:
            SEEN.extend([way, span.name, len(span.attributes)] for span in scope.spans)


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    def Export(self, request, context):
        note("grpc", request)
        return trace_service_pb2.ExportTraceServiceResponse()


class Web(BaseHTTPRequestHandler):
    def do_POST(self):
        note(
            "http",
            trace_service_pb2.ExportTraceServiceRequest.FromString(
                self.rfile.read(int(self.headers["Content-Length"]))
            ),
        )
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def handler(event, context):
    server = grpc.server(futures.ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Collector(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    web = HTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    provider = TracerProvider(resource=Resource.create({"service.name": "slim"}))
    provider.add_span_processor(SimpleSpanProcessor(GrpcExporter(f"127.0.0.1:{port}", insecure=True)))
    provider.add_span_processor(SimpleSpanProcessor(HttpExporter(f"http://127.0.0.1:{web.server_port}/v1/traces")))
    with provider.get_tracer("t").start_as_current_span("work", attributes={"a": 1, "b": [1.5, 2.5]}):
        pass
    provider.shutdown()
    server.stop(None).wait()
    web.shutdown()
    return {"seen": SEEN[:]}
