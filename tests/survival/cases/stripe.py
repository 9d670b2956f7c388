# requires: stripe==16.1.0
# Objects, a request through a client of our own, webhook signatures, errors.
import hashlib
import hmac
import json
import time

import stripe


class Local(stripe.HTTPClient):
    name = "local"

    def request(self, method, url, headers, post_data=None):
        self.last = [method, url, post_data]
        if "ch_bad" in url:
            return (
                json.dumps({"error": {"type": "card_error", "code": "card_declined", "message": "Declined"}}),
                402,
                {},
            )
        if "?" in url or url.endswith("/customers") and method == "get":
            return (
                json.dumps(
                    {
                        "object": "list",
                        "data": [{"id": "cus_1", "object": "customer"}],
                        "has_more": False,
                        "url": "/v1/customers",
                    }
                ),
                200,
                {},
            )
        return (
            json.dumps(
                {
                    "id": "cus_1",
                    "object": "customer",
                    "name": "A",
                    "subscriptions": {"object": "list", "data": [{"object": "subscription", "id": "sub_1"}]},
                }
            ),
            200,
            {"Request-Id": "r"},
        )

    def request_with_retries(self, method, url, headers, post_data=None, **more):
        return self.request(method, url, headers, post_data)

    def close(self):
        pass


def handler(event, context):
    local = Local()
    client = stripe.StripeClient("sk_test_x", http_client=local)
    customer = (
        client.v1.customers.create({"name": "A", "metadata": {"k": "v"}})
        if hasattr(client, "v1")
        else client.customers.create({"name": "A"})
    )
    result = {
        "kind": type(customer).__name__,
        "sub": type(customer.subscriptions.data[0]).__module__,
        "sent": str(local.last),
    }
    payload = '{"id": "evt_1", "object": "event", "type": "charge.failed", "data": {"object": {"object": "charge", "id": "ch_1"}}}'
    now = int(time.time())
    signature = hmac.new(b"whsec", f"{now}.{payload}".encode(), hashlib.sha256).hexdigest()
    event = stripe.Webhook.construct_event(payload, f"t={now},v1={signature}", "whsec")
    result["event"] = [event.type, type(event.data.object).__name__]
    errors = []
    for attempt in (
        lambda: client.v1.charges.retrieve("ch_bad"),
        lambda: stripe.Webhook.construct_event(payload, "t=1,v1=x", "whsec"),
    ):
        try:
            attempt()
        except stripe.StripeError as error:
            errors.append(f"{type(error).__name__}: {error.user_message}")
    return {**result, "errors": errors}
