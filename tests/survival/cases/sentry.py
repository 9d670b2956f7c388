# requires: sentry-sdk==2.75.0 flask==3.1.3
# A transport that keeps what it gets; integrations that sentry finds by trying module names.
import logging

import flask
import sentry_sdk
from sentry_sdk.integrations.aws_lambda import AwsLambdaIntegration
from sentry_sdk.transport import Transport


class Keep(Transport):
    seen = []

    def capture_envelope(self, envelope):
        self.seen.append(envelope)


def handler(event, context):
    Keep.seen.clear()
    sentry_sdk.init(
        "http://key@127.0.0.1/1",
        transport=Keep,
        traces_sample_rate=1.0,
        release="r1",
        send_default_pii=True,
        max_breadcrumbs=5,
    )
    app = flask.Flask("slim")

    @app.get("/fail")
    def fail():
        secret = "x"
        raise ValueError("from flask")

    logging.getLogger("slim").error("logged %s", 1)
    with sentry_sdk.start_transaction(name="t") as transaction:
        with sentry_sdk.start_span(op="o", name="d"):
            sentry_sdk.set_tag("a", "b")
    status = app.test_client().get("/fail").status_code
    try:
        {}["missing"]
    except KeyError:
        sentry_sdk.capture_exception()
    sentry_sdk.flush()
    told = []
    for envelope in Keep.seen:
        for item in envelope.items:
            data = item.payload.json or {}
            values = data.get("exception", {}).get("values", [])
            told.append(
                [
                    item.type,
                    data.get("transaction"),
                    [value["type"] for value in values],
                    data.get("logentry", {}).get("message"),
                ]
            )
    return {
        "told": told,
        "status": status,
        "integrations": sorted(sentry_sdk.get_client().integrations),
        "lambda": AwsLambdaIntegration.identifier,
    }
