# requires: mako==1.4.3 chameleon==4.6.0 wtforms==3.3.2 itsdangerous==2.2.0 jinja2==3.1.6 markupsafe==3.0.4 starlette==1.10.0 httpx==0.28.1
# Templates beside the function found from its own file, forms with translations, signatures, an ASGI application; the engines compile to modules.
import os

import jinja2
import wtforms
from chameleon import PageTemplate, PageTemplateLoader
from itsdangerous import URLSafeTimedSerializer
from mako.lookup import TemplateLookup
from mako.template import Template
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.testclient import TestClient
from form_data import FormData

HERE = os.path.dirname(os.path.abspath(__file__))


class Form(wtforms.Form):
    name = wtforms.StringField("Name", [wtforms.validators.InputRequired(), wtforms.validators.Length(min=3)])
    number = wtforms.IntegerField(validators=[wtforms.validators.NumberRange(1, 5)])
    kind = wtforms.SelectField(choices=[("a", "A")])

    class Meta:
        locales = ["de_DE", "de"]


def handler(event, context):
    folder = os.path.join(HERE, "pages")
    mako = TemplateLookup([folder]).get_template("page.mako").render(rows=[1, 2], title="<m>")
    chameleon = PageTemplateLoader(folder)["page.pt"](rows=[1, 2], title="<c>")
    jinja = (
        jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
        .get_template("page.jinja")
        .render(rows=[1], title="<j>")
    )
    package = jinja2.Environment(loader=jinja2.PackageLoader("shop", "views")).get_template("cart.txt").render(n=2)
    pages = Jinja2Templates(directory=folder)
    app = Starlette(
        routes=[
            Route("/", lambda request: pages.TemplateResponse(request, "page.jinja", {"rows": [1], "title": "T"})),
            Route("/j", lambda request: JSONResponse({"q": dict(request.query_params)})),
            Mount("/static", StaticFiles(directory=folder)),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=10)],
    )
    client = TestClient(app)
    signer = URLSafeTimedSerializer("secret")
    form = Form(FormData({"name": "x", "number": "9", "kind": "z"}))
    errors = []
    for attempt in (
        lambda: signer.loads("a.b.c"),
        lambda: Template("${"),
        lambda: PageTemplate("<p tal:content='none_such'/>")(),
    ):
        try:
            attempt()
        except Exception as error:
            errors.append(type(error).__name__)
    return {
        "pages": [mako, chameleon, jinja, package],
        "http": [
            client.get("/").text,
            client.get("/j?a=1").json(),
            client.get("/static/plain.css").text,
            client.get("/static/none").status_code,
        ],
        "form": [form.validate(), form.errors, str(form.name())],
        "signed": signer.loads(signer.dumps({"a": 1})),
        "errors": errors,
    }
