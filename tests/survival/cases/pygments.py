# requires: pygments==2.21.0
# Lexers, formatters, styles and filters by name and by guess.
from pygments import highlight
from pygments.filters import get_filter_by_name
from pygments.formatters import get_formatter_by_name
from pygments.lexers import get_all_lexers, get_lexer_by_name, get_lexer_for_filename, guess_lexer
from pygments.styles import get_all_styles, get_style_by_name
from pygments.util import ClassNotFound

CODE = {
    "python": "def f(x):\n    return f'{x!r}'",
    "rust": "fn main() { let x: u8 = 1; }",
    "html+jinja": "<b>{{ x }}</b><script>var a</script>",
    "sql": "SELECT 1 -- x",
    "yaml": "a: [1]",
    "console": "$ ls\nx",
}


def handler(event, context):
    result = {}
    for name, code in CODE.items():
        lexer = get_lexer_by_name(name)
        lexer.add_filter(get_filter_by_name("keywordcase", case="upper"))
        result[name] = [
            highlight(code, lexer, get_formatter_by_name(kind))
            for kind in ("html", "terminal256", "latex", "svg", "raw")[: 2 if name != "python" else 5]
            if kind != "raw"
        ]
    errors = []
    for attempt in (
        lambda: get_lexer_by_name("none_such"),
        lambda: get_style_by_name("none_such"),
        lambda: get_formatter_by_name("none_such"),
    ):
        try:
            attempt()
        except ClassNotFound as error:
            errors.append(str(error))
    return {
        **result,
        "styles": [get_style_by_name(name).background_color for name in ("monokai", "solarized-light", "vim")],
        "guess": [guess_lexer("#!/usr/bin/perl\nmy $x;").name, get_lexer_for_filename("x.tf").name],
        "count": [len(list(get_all_lexers())) > 400, len(list(get_all_styles())) > 30],
        "errors": errors,
    }
