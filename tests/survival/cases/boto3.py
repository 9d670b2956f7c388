# requires: boto3==1.40.50
# event: {"bucket": "b", "key": "a/b c.txt"}
# ci: yes
# Clients and a resource from botocore's data files, presigning, stubbed calls through its parsers.
import datetime

import boto3
from botocore.exceptions import ClientError
from botocore.stub import Stubber

session = boto3.session.Session(aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="x", region_name="eu-central-1")
s3 = session.client("s3")
sts = session.client("sts")
dynamodb = session.resource("dynamodb")


def handler(event, context):
    url = s3.generate_presigned_url("get_object", {"Bucket": event["bucket"], "Key": event["key"]})
    with Stubber(sts) as stub:
        stub.add_response("get_caller_identity", {"Account": "123456789012", "Arn": "arn:aws:iam::1:user/x"})
        account = sts.get_caller_identity()["Account"]
    table = dynamodb.Table("orders")
    with Stubber(table.meta.client) as stub:
        stub.add_response("get_item", {"Item": {"id": {"S": "1"}, "n": {"N": "42"}}})
        item = table.get_item(Key={"id": "1"})["Item"]
        stub.add_client_error("put_item", "ConditionalCheckFailedException", "no")
        try:
            table.put_item(Item={"id": "1"})
            error = None
        except ClientError as caught:
            error = caught.response["Error"]["Code"]
    with Stubber(s3) as stub:
        day = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
        stub.add_response("list_objects_v2", {"Contents": [{"Key": "k", "LastModified": day, "Size": 3}]})
        pages = [p["Contents"][0]["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket="b")]
    waiters = s3.waiter_names
    return [url.split("?")[0], account, str(item["n"]), error, pages, waiters]
