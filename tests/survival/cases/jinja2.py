# requires: jinja2==3.1.6 babel==2.18.0
# ci: yes
# Extensions by string, i18n, a sandbox, the async renderer, the compiler's errors.
import asyncio

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment, SecurityError

TEMPLATES = {
    "base.html": "<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}",
    "page.html": """{% extends "base.html" %}{% block title %}{% trans %}Hello{% endtrans %}{% endblock %}
{% block body %}{% for row in rows %}{% if loop.index > 3 %}{% break %}{% endif %}{% do seen.append(row) %}{{ row|upper|e }}
{% else %}none{% endfor %}{{ rows|map("length")|sum }} {{ {"b": 1, "a": 2}|dictsort }} {{ "x"|center(5) }}{% endblock %}""",
}


def handler(event, context):
    settings = dict(
        loader=DictLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.debug"],
    )
    environment = Environment(**settings)
    environment.install_gettext_callables(lambda text: text[::-1], lambda one, many, n: one, newstyle=True)
    rows = ["<a>", "b&b", "c", "d"]
    seen = []
    text = environment.get_template("page.html").render(rows=rows, seen=seen)
    later = Environment(enable_async=True, **settings)
    later.install_null_translations()
    text_later = asyncio.run(later.get_template("page.html").render_async(rows=[], seen=[]))
    errors = []
    for attempt in (
        lambda: environment.from_string("{% if %}"),
        lambda: environment.from_string("{{ missing }}").render(),
        lambda: SandboxedEnvironment().from_string("{{ ().__class__.__mro__ }}").render(),
    ):
        try:
            errors.append(attempt() and None)
        except (TemplateSyntaxError, UndefinedError, SecurityError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    messages = [list(found) for found in environment.extract_translations(TEMPLATES["page.html"])]
    return {"text": text, "later": text_later, "seen": seen, "errors": errors, "messages": messages}
