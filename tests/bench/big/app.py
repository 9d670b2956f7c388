"""Stands for a large function; only its requirements matter."""

import boto3  # noqa: F401
import pandas  # noqa: F401


def handler(event, context):
    return None
