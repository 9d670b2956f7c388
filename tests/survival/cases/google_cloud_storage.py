# requires: google-cloud-storage==3.17.1
# An anonymous client, signed URLs with a made-up account, a policy, an upload through a session that answers by itself.
import datetime
import json

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.oauth2 import service_account


class Adapter(requests.adapters.BaseAdapter):
    def __init__(self):
        super().__init__()
        self.seen = []

    def send(self, request, **options):
        self.seen.append(f"{request.method} {request.url.split('?')[0]}")
        answer = requests.Response()
        answer.request, answer.url = request, request.url
        found = "missing" not in request.url
        answer.status_code = 200 if found else 404
        answer.headers["Content-Type"] = "application/json"
        body = {"name": "a/b.txt", "bucket": "slim", "size": "2", "items": [{"name": "one"}, {"name": "two"}]}
        answer._content = json.dumps(body if found else {"error": {"message": "gone"}}).encode()
        return answer

    def close(self):
        pass


def handler(event, context):
    session = requests.Session()
    session.is_mtls = False
    adapter = Adapter()
    session.mount("https://", adapter)
    client = storage.Client(project="p", credentials=AnonymousCredentials(), _http=session)
    bucket = client.bucket("slim")
    blob = bucket.blob("a/b.txt")
    blob.upload_from_string("hi", content_type="text/plain", checksum="md5")
    names = [found.name for found in client.list_blobs("slim")]
    try:
        client.get_bucket("missing")
    except exceptions.NotFound as error:
        missing = error.code
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = service_account.Credentials.from_service_account_info(
        {
            "type": "service_account",
            "client_email": "s@p.iam",
            "private_key": pem,
            "token_uri": "https://oauth2.example",
            "project_id": "p",
        }
    )
    url = blob.generate_signed_url(datetime.timedelta(hours=1), version="v4", credentials=account)
    policy = client.generate_signed_post_policy_v4(
        "slim", "k", datetime.timedelta(minutes=5), conditions=[["starts-with", "$x", ""]], credentials=account
    )
    return {
        # The library asks for the bucket in a thread of its own, sooner or later.
        "seen": [line for line in adapter.seen if not line.endswith("/b/slim")],
        "names": names,
        "size": blob.size,
        "missing": missing,
        "url": [url.split("?")[0], "X-Goog-Signature=" in url],
        "policy": sorted(policy["fields"]),
        "path": bucket.path_helper("slim"),
    }
