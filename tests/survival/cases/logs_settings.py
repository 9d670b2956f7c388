# requires: structlog==26.1.0 loguru==0.7.3 python-json-logger==4.2.0 pydantic-settings==2.16.3 email-validator==2.4.0 watchtower==3.4.0 boto3==1.44.5 tenacity==9.2.1
# Logging by dictConfig strings, structured logs, settings from environment and .env, retries, addresses.
import io
import json
import logging
import logging.config
import os

import boto3
import email_validator
import structlog
import tenacity
from botocore.stub import Stubber
from loguru import logger
from pydantic import EmailStr, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

OUT = io.StringIO()
os.environ.update(SLIM_NAME="n", SLIM_DEEP__X="3", SLIM_TAGS='["a"]')


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SLIM_", env_nested_delimiter="__", env_file="/tmp/slim.env")
    name: str
    deep: dict[str, int] = {}
    tags: list[str] = []
    mail: EmailStr = "a@example.com"
    count: int = Field(1, alias="COUNT")


@tenacity.retry(
    stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_none(), retry=tenacity.retry_if_exception_type(OSError)
)
def flaky(calls):
    calls.append(1)
    if len(calls) < event_limit(calls):
        raise OSError("again")
    return len(calls)


def event_limit(calls):
    return 2 if calls[0] == 1 else 9


def handler(event, context):
    logging.config.dictConfig(
        {
            "version": 1,
            "formatters": {"json": {"()": "pythonjsonlogger.json.JsonFormatter", "fmt": "%(levelname)s %(message)s"}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://app.OUT"}},
            "root": {"handlers": ["out"], "level": "INFO"},
        }
    )
    logging.getLogger("x").info("hello %s", 1, extra={"k": [1]})
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(OUT),
    )
    structlog.contextvars.bind_contextvars(request="r")
    structlog.get_logger().warning("structured", n=1)
    logger.remove()
    logger.add(OUT, format="{level}|{message}|{extra[a]}", serialize=False, diagnose=True)
    with logger.contextualize(a=1):
        logger.info("loguru {}", 2)
    client = boto3.client("logs", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="y")
    import watchtower

    with Stubber(client) as stub:
        stub.add_response("create_log_stream", {})
        stub.add_response("put_log_events", {})
        watch = watchtower.CloudWatchLogHandler(
            log_group_name="g", log_stream_name="s", boto3_client=client, create_log_group=False, use_queues=False
        )
        watch.emit(logging.makeLogRecord({"msg": "x", "created": 1700000000.0, "levelno": 20}))
    result = {"lines": [line for line in OUT.getvalue().splitlines()], "settings": Settings().model_dump()}
    errors = []
    for attempt in (
        lambda: Settings(mail="nobody", COUNT="x"),
        lambda: email_validator.validate_email("a@b@c"),
        lambda: flaky([0]),
    ):
        try:
            attempt()
        except (ValidationError, email_validator.EmailNotValidError, tenacity.RetryError) as error:
            errors.append(
                f"{type(error).__name__}: {str(error)[:80]}"
                if not isinstance(error, tenacity.RetryError)
                else "RetryError"
            )
    address = email_validator.validate_email("ü@bücher.example", check_deliverability=False, test_environment=True)
    return {
        **result,
        "errors": errors,
        "ascii": address.ascii_domain,
        "tries": flaky([1]),
        "json": json.loads(result["lines"][0])["k"],
    }
