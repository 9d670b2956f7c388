# requires: opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2 opentelemetry-propagator-aws-xray==1.0.2 opentelemetry-propagator-b3==1.45.1 opentelemetry-sdk-extension-aws==2.1.0
# ci: yes
# What environment variables choose by entry point: context, propagators, id generator, exporters, samplers, detectors.
import os

os.environ.update(
    OTEL_PROPAGATORS="tracecontext,baggage,xray,b3multi",
    OTEL_TRACES_SAMPLER="parentbased_always_on",
    OTEL_RESOURCE_ATTRIBUTES="service.name=slim",
    OTEL_EXPERIMENTAL_RESOURCE_DETECTORS="otel,process",
    OTEL_TRACES_EXPORTER="console",
    OTEL_METRICS_EXPORTER="none",
    OTEL_PYTHON_ID_GENERATOR="xray",
    OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
    OTEL_EXPORTER_OTLP_TIMEOUT="1",
)

from opentelemetry import baggage, propagate, trace
from opentelemetry.sdk._configuration import _import_exporters, _import_id_generator, _OTelSDKConfigurator
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def handler(event, context):
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    _OTelSDKConfigurator().configure(auto_instrumentation_version="0")
    provider = trace.get_tracer_provider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    meters = MeterProvider([reader])
    carrier = {}
    with trace.get_tracer("slim").start_as_current_span("outer") as span:
        span.set_attribute("n", 1)
        span.add_event("seen")
        propagate.inject(carrier, context=baggage.set_baggage("k", "v"))
        try:
            with trace.get_tracer("slim").start_as_current_span("inner"):
                raise ValueError("no")
        except ValueError:
            pass
    meters.get_meter("slim").create_counter("c").add(2)
    back = propagate.extract(
        {"X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"}
    )
    exporters = _import_exporters(["otlp_proto_http", "console"], ["otlp_proto_http"], ["otlp_proto_http"])
    try:
        _import_exporters(["no_such"], [], [])
    except RuntimeError as error:
        message = str(error)
    return {
        "carrier": sorted(carrier),
        "spans": [[item.name, item.status.status_code.name, len(item.events)] for item in spans.get_finished_spans()],
        "resource": provider.resource.attributes["service.name"],
        "pid": "process.pid" in provider.resource.attributes,
        "metric": reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics[0].data.data_points[0].value,
        "parent": trace.format_trace_id(trace.get_current_span(back).get_span_context().trace_id),
        "exporters": [sorted(part) for part in exporters],
        "ids": type(_import_id_generator("xray")).__name__,
        "error": message,
    }
