# requires: aws-lambda-powertools[parser,validation,datamasking]==3.37.0 aws-xray-sdk==2.15.0 boto3==1.44.5
# Logger, tracer, metrics, event handler, parser, validation, data classes, feature flags, batch.
import contextlib
import io
import json
import os

os.environ.update(
    POWERTOOLS_SERVICE_NAME="slim", POWERTOOLS_TRACE_DISABLED="1", POWERTOOLS_METRICS_NAMESPACE="n", POWERTOOLS_DEV="0"
)

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes import S3Event
from aws_lambda_powertools.utilities.data_masking import DataMasking
from aws_lambda_powertools.utilities.parser import ValidationError, envelopes, parse
from aws_lambda_powertools.utilities.parser.models import SqsModel
from aws_lambda_powertools.utilities.validation import SchemaValidationError, validate
from pydantic import BaseModel

OUT = io.StringIO()
logger = Logger(stream=OUT, utc=True)
tracer = Tracer()
metrics = Metrics()
app = APIGatewayRestResolver(enable_validation=True, cors=CORSConfig())
app.enable_swagger(path="/swagger", title="T")
processor = BatchProcessor(event_type=EventType.SQS)


class Order(BaseModel):
    id: int
    tags: list[str] = []


@app.get("/orders/<order_id>")
@tracer.capture_method
def get_order(order_id: int) -> Order:
    if order_id > 9:
        raise NotFoundError("none")
    return Order(id=order_id)


@app.exception_handler(ZeroDivisionError)
def division(error):
    return Response(418, "text/plain", "zero")


@app.get("/zero")
def zero():
    return {"x": 1 // 0}


def record_handler(record):
    return Order.model_validate_json(record.body).id


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
@tracer.capture_lambda_handler
@metrics.log_metrics
def answer(event, context):
    metrics.add_metric(name="calls", unit=MetricUnit.Count, value=1)
    logger.info("asked", extra={"path": event["path"]})
    return app.resolve(event, context)


def ask(path, context):
    event = {
        "path": path,
        "httpMethod": "GET",
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "requestContext": {"requestId": "r1", "stage": "s", "path": path},
        "body": None,
        "isBase64Encoded": False,
    }
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        found = answer(event, context)
    assert json.loads(said.getvalue())["calls"] == [1.0]
    return [found["statusCode"], found["body"][:200]]


class Context:
    function_name = "f"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-west-1:1:function:f"
    aws_request_id = "1"

    def get_remaining_time_in_millis(self):
        return 1000


def sqs(body, name):
    return {
        "messageId": name,
        "receiptHandle": "h",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1545082649183",
            "SenderId": "s",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:q",
        "awsRegion": "us-east-2",
    }


def handler(event, context):
    context = Context()
    result = {path: ask(path, context) for path in ("/orders/3", "/orders/33", "/orders/x", "/zero", "/none")}
    result["swagger"] = ask("/swagger", context)[0]
    records = {"Records": [sqs('{"id": 1}', "a"), sqs('{"id": "z"}', "b")]}
    result["batch"] = process_partial_response(
        event=records, record_handler=record_handler, processor=processor, context=context
    )
    result["parsed"] = [
        order.id for order in parse({"Records": [sqs('{"id": 1}', "a")]}, model=Order, envelope=envelopes.SqsEnvelope)
    ]
    try:
        parse({"Records": [{}]}, model=SqsModel)
    except ValidationError as error:
        result["invalid"] = error.error_count()
    try:
        validate({"a": "x"}, schema={"type": "object", "properties": {"a": {"type": "integer"}}}, envelope="@")
    except SchemaValidationError as error:
        result["schema"] = str(error)[:60]
    s3 = S3Event({"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": "a+b%20c"}}}]})
    result["s3"] = [s3.bucket_name, s3.object_key]
    result["masked"] = DataMasking().erase({"a": {"b": 1}}, fields=["a.b"])
    lines = [json.loads(line) for line in OUT.getvalue().splitlines()]
    result["log"] = [
        [line["message"], line.get("correlation_id")] for line in lines if isinstance(line.get("message"), str)
    ][:2]
    return result
