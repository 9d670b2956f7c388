# requires: twilio==9.13.0
# A message through a client of our own, TwiML, an access token, a signature, an error.
import json

import jwt
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VideoGrant
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse


class Local(HttpClient):
    def __init__(self):
        self.seen = []

    def request(
        self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ):
        self.seen.append([method, url, data])
        if data and data.get("To") == "+0":
            return Response(400, json.dumps({"code": 21211, "message": "bad number", "status": 400}))
        return Response(
            201,
            json.dumps(
                {
                    "sid": "SM1",
                    "status": "queued",
                    "body": "hi",
                    "account_sid": "AC1",
                    "date_created": "Thu, 30 Jul 2015 20:12:31 +0000",
                }
            ),
        )


def handler(event, context):
    local = Local()
    client = Client("AC1", "token", http_client=local, region="au1", edge="sydney")
    message = client.messages.create(to="+1", from_="+2", body="hi")
    result = {"sid": message.sid, "date": str(message.date_created), "seen": local.seen}
    verify = client.verify.v2.services("VA1").verifications.create(to="+1", channel="sms")
    result["verify"] = verify.sid
    try:
        client.messages.create(to="+0", from_="+2", body="x")
    except TwilioRestException as error:
        result["error"] = [error.status, error.code, error.msg]
    voice = VoiceResponse()
    gather = Gather(num_digits=1)
    gather.say("press", voice="alice")
    voice.append(gather)
    result["voice"] = str(voice)
    reply = MessagingResponse()
    reply.message("ok")
    result["reply"] = str(reply)
    token = AccessToken("AC1", "SK1", "secret", identity="me")
    token.add_grant(VideoGrant(room="r"))
    result["grants"] = jwt.decode(token.to_jwt(), options={"verify_signature": False})["grants"]
    result["signature"] = RequestValidator("token").compute_signature("https://x.example", {"a": "b"})
    return result
