# requires: moto[s3,dynamodb,sqs]==5.2.5 boto3==1.44.5
# Mocked services in one process: back ends by name, URL tables, package data; real calls through botocore.
import json
import os

os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_DEFAULT_REGION="eu-central-1")

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws


@mock_aws
def handler(event, context):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="slim-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="slim-bucket", Key="k/ä", Body=b"hello", Metadata={"m": "1"})
    found = s3.get_object(Bucket="slim-bucket", Key="k/ä")
    try:
        s3.get_object(Bucket="slim-bucket", Key="none")
    except ClientError as error:
        missing = error.response["Error"]["Code"]
    table = boto3.resource("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.put_item(Item={"id": "1", "n": 3, "tags": {"a", "b"}})
    table.update_item(Key={"id": "1"}, UpdateExpression="SET n = n + :d", ExpressionAttributeValues={":d": 2})
    item = table.get_item(Key={"id": "1"})["Item"]
    sqs = boto3.resource("sqs")
    queue = sqs.create_queue(QueueName="q")
    queue.send_message(MessageBody=json.dumps({"x": 1}))
    sts = boto3.client("sts").get_caller_identity()["Account"]
    return {
        "body": found["Body"].read().decode(),
        "meta": found["Metadata"],
        "missing": missing,
        "item": [str(item["n"]), sorted(item["tags"])],
        "queue": [message.body for message in queue.receive_messages()],
        "account": sts,
    }
