# requires: fastapi==0.118.3 mangum==0.19.0 python-multipart==0.0.20
# ci: yes
# An API behind API Gateway: routes, models, dependencies, a form, background tasks, OpenAPI, errors.
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Form, Header, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, StreamingResponse
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI(title="orders", docs_url="/docs")
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.add_middleware(GZipMiddleware, minimum_size=10000)
router = APIRouter(prefix="/v1")
done = []


class Order(BaseModel):
    id: int
    lines: list[str] = []


def user(authorization: Annotated[str | None, Header()] = None):
    if authorization != "t":
        raise HTTPException(401, "who?")
    return "u"


@router.post("/orders", status_code=201)
async def create(order: Order, tasks: BackgroundTasks, name: str = Depends(user)) -> Order:
    tasks.add_task(done.append, f"{name}{order.id}")
    return order


@router.post("/form", response_class=HTMLResponse)
def form(a: Annotated[str, Form()]):
    return f"<b>{a}</b>"


@router.get("/stream")
def stream():
    return StreamingResponse((f"{n}\n" for n in range(3)), media_type="text/plain")


app.include_router(router)
gateway = Mangum(app, lifespan="auto")


def request(method, path, body="", **headers):
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "example.com", **{k.replace("_", "-"): v for k, v in headers.items()}},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "1.2.3.4", "userAgent": "x"},
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": False,
    }
    answer = gateway(event, None)
    return [answer["statusCode"], answer["headers"].get("content-type"), answer["body"]]


def handler(event, context):
    json_type = {"content_type": "application/json"}
    return [
        request("POST", "/v1/orders", '{"id": 7, "lines": ["a"]}', authorization="t", **json_type),
        request("POST", "/v1/orders", '{"id": "x"}', authorization="t", **json_type),
        request("POST", "/v1/orders", '{"id": 7}', **json_type),
        request("POST", "/v1/form", "a=b%20c", content_type="application/x-www-form-urlencoded"),
        request("GET", "/v1/stream"),
        request("GET", "/openapi.json"),
        request("GET", "/docs")[:2],
        request("GET", "/none"),
        done,
    ]
