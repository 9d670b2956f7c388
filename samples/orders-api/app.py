"""Orders API behind API Gateway.

POST /orders prices an order, prepares the record for DynamoDB and the call to the payment service, and
hands out a link to upload the receipt. It signs and serialises but calls nobody, so that the answer is the same
everywhere, also without a network.
"""

import base64
import json
import os
from decimal import Decimal
from importlib import metadata
from urllib.parse import parse_qs, urlsplit

import boto3
import jmespath
import requests
from boto3.dynamodb.types import TypeSerializer
from botocore.config import Config
from dateutil import parser, relativedelta
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pricing import total

BUCKET = os.environ.get("RECEIPTS_BUCKET", "receipts")
PAYMENTS = os.environ.get("PAYMENTS_URL", "https://payments.example.com/v1/charges")

# As Lambda does it: clients and sessions once, when the module is imported.
s3 = boto3.client(
    "s3",
    region_name="eu-central-1",
    aws_access_key_id="AKIDEXAMPLE",
    aws_secret_access_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    config=Config(signature_version="s3v4", retries={"mode": "standard"}),
)
session = requests.Session()
session.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.2, status_forcelist=[502, 503])))


def handler(event, context):
    if jmespath.search("requestContext.http.method", event) != "POST":
        return answer(405, {"error": "only POST /orders"})
    body = event["body"]
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body)
    order = json.loads(body, parse_float=Decimal)
    lines = jmespath.search("items[?quantity > `0`].{sku: sku, price: price, quantity: quantity}", order)
    if not lines:
        return answer(422, {"error": "an order needs at least one item"})

    amount = total(lines, order.get("coupon"))
    placed = parser.isoparse(order["placed"])
    record = {"id": order["id"], "amount": amount, "lines": lines, "placed": placed.isoformat()}
    charge = session.prepare_request(
        requests.Request(
            "POST",
            PAYMENTS,
            params={"currency": order["currency"]},
            json={"order": order["id"], "amount": str(amount)},
            auth=("orders", "secret"),
        )
    )
    upload = s3.generate_presigned_url(
        "put_object", Params={"Bucket": BUCKET, "Key": f"{order['id']}.pdf"}, ExpiresIn=900
    )
    return answer(
        201,
        {
            "amount": str(amount),
            "due": (placed + relativedelta.relativedelta(months=1, day=31)).date().isoformat(),
            "record": TypeSerializer().serialize(record),
            "charge": {"url": charge.url, "headers": sorted(charge.headers), "body": charge.body.decode()},
            "upload": {"url": upload.split("?")[0], "signed": sorted(parse_qs(urlsplit(upload).query))},
            "ca_bundle": os.path.getsize(requests.certs.where()) > 100_000,
            "versions": {name: metadata.version(name) for name in ("boto3", "requests", "urllib3")},
        },
    )


def answer(status, body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body, sort_keys=True)}
