# requires: flask==3.1.2
# ci: yes
# A blueprint, sessions, templates, error handlers and a raw WSGI call.
import io

from flask import Blueprint, Flask, abort, jsonify, render_template_string, request, session, url_for

blueprint = Blueprint("shop", __name__, url_prefix="/shop")


@blueprint.route("/<int:n>", methods=["GET", "POST"])
def item(n):
    session["n"] = session.get("n", 0) + n
    if n == 0:
        abort(404)
    return jsonify(n=n, total=session["n"], url=url_for("shop.item", n=n), form=request.form.get("a"))


@blueprint.route("/page")
def page():
    return render_template_string("{% for x in xs %}<li>{{ x|upper }}</li>{% endfor %}", xs=["a", "<b>"])


app = Flask(__name__)
app.secret_key = "k"
app.register_blueprint(blueprint)


@app.errorhandler(404)
def missing(error):
    return {"error": error.name}, 404


def wsgi(path):
    started = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    body = b"".join(app(environ, lambda status, headers, exc_info=None: started.append(status)))
    return [started, body.decode()]


def handler(event, context):
    client = app.test_client()
    first = client.post("/shop/3", data={"a": "ä"}).get_json()
    second = client.get("/shop/4").get_json()
    none = client.get("/shop/0")
    broken = client.get("/static/none.css")
    run = app.test_cli_runner().invoke(args=["routes"])
    return [first, second, none.status_code, none.get_json(), broken.status_code, wsgi("/shop/page"), run.output]
