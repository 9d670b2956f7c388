# requires: aws-xray-sdk==2.15.0 requests==2.34.2 boto3==1.44.5
# Patched libraries by name, segments sent to a socket of our own, the sampling rules from package data.
import json
import os
import socket

# So that segments are ours: inside Lambda the service makes them.
os.environ.pop("LAMBDA_TASK_ROOT", None)
os.environ["AWS_XRAY_CONTEXT_MISSING"] = "RUNTIME_ERROR"

from aws_xray_sdk.core import patch, xray_recorder
from aws_xray_sdk.core.exceptions.exceptions import SegmentNotFoundException
from aws_xray_sdk.core.sampling.local.sampler import LocalSampler


def handler(event, context):
    daemon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    daemon.bind(("127.0.0.1", 0))
    daemon.settimeout(5)
    xray_recorder.configure(service="slim", daemon_address=f"127.0.0.1:{daemon.getsockname()[1]}", sampling=False)
    patch(("requests", "boto3", "httplib", "sqlite3"))
    import sqlite3

    import requests

    with xray_recorder.in_segment("outer") as segment:
        segment.put_annotation("k", "v")
        with xray_recorder.in_subsegment("inner"):
            connection = sqlite3.connect(":memory:")
            found = connection.execute("select 40 + 2").fetchone()
        try:
            requests.get("http://127.0.0.1:1/", timeout=1)
        except requests.ConnectionError:
            pass
    data = json.loads(daemon.recv(65000).split(b"\n", 1)[1])
    names = sorted(part["name"] for part in data.get("subsegments", []))
    try:
        xray_recorder.current_segment()
        error = None
    except SegmentNotFoundException as problem:
        error = str(problem)
    sampler = LocalSampler()
    return {
        "found": list(found),
        "name": data["name"],
        "sub": names,
        "annotations": data["annotations"],
        "error": error,
        "rules": sampler._default_rule.rate,
    }
