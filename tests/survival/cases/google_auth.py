# requires: google-auth==2.62.2 requests==2.34.2
# Account keys signed with RSA, a token exchange through a made-up transport, default credentials from the environment, errors.
import json
import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import google.auth
from google.auth import crypt, exceptions, jwt, transport
from google.auth.transport import requests as google_requests
from google.oauth2 import id_token, service_account


class Answer(transport.Response):
    status, headers, data = 200, {}, b'{"access_token": "t0", "expires_in": 3600}'


class Request(transport.Request):
    def __call__(self, url, method="GET", body=None, headers=None, timeout=None, **more):
        self.url = url
        return Answer()


def handler(event, context):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    info = {
        "type": "service_account",
        "client_email": "s@p.iam",
        "private_key": pem,
        "private_key_id": "1",
        "token_uri": "https://oauth2.example/token",
        "project_id": "p",
    }
    with open("/tmp/slim-google.json", "w") as file:
        json.dump(info, file)
    os.environ["GOOGLE_APPLICATION_CREDENTIALS"] = "/tmp/slim-google.json"
    credentials, project = google.auth.default(scopes=["a"])
    request = Request()
    credentials.refresh(request)
    signer = crypt.RSASigner.from_service_account_info(info)
    token = jwt.encode(signer, {"iss": "me", "aud": "you", "iat": 1700000000, "exp": 1700000600})
    result = {"token": credentials.token, "project": project, "url": request.url, "header": jwt.decode_header(token)}
    errors = []
    for attempt in (
        lambda: jwt.decode(
            token,
            certs=key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        ),
        lambda: service_account.Credentials.from_service_account_info({"type": "x"}),
        lambda: google.auth.load_credentials_from_dict({"type": "strange"}),
    ):
        try:
            attempt()
        except exceptions.GoogleAuthError as error:
            errors.append(type(error).__name__)
    os.environ["GOOGLE_APPLICATION_CREDENTIALS"] = "/tmp/no-such-file"
    try:
        google.auth.default()
    except exceptions.DefaultCredentialsError as error:
        errors.append(str(error)[:40])
    aws = google.auth.load_credentials_from_dict(
        {
            "type": "external_account",
            "audience": "//iam.googleapis.com/x",
            "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request",
            "token_url": "https://sts.googleapis.com/v1/token",
            "credential_source": {
                "environment_id": "aws1",
                "regional_cred_verification_url": "https://sts.{region}.amazonaws.com",
            },
        }
    )[0]
    return {
        **result,
        "errors": errors,
        "aws": type(aws).__module__,
        "session": type(google_requests.AuthorizedSession(credentials)).__name__,
        "id": id_token.__name__,
    }
