# requires: markdown==3.11.3 pygments==2.21.0
# ci: yes
# Extensions by entry-point name and by module path; codehilite reaches Pygments' lexers by name.
import markdown

TEXT = """# One

[TOC]

| a | b |
|---|---|
| 1 | 2 |

```python
def f(x): return x + 1
```

    :::sql
    SELECT 1

A note[^1] and *[HTML]: Hyper Text

[^1]: The note.

Term
:   Definition { .k }
"""


def handler(event, context):
    names = [
        "toc",
        "tables",
        "fenced_code",
        "codehilite",
        "footnotes",
        "def_list",
        "markdown.extensions.attr_list",
        "smarty",
        "admonition",
        "meta",
    ]
    converter = markdown.Markdown(extensions=names, extension_configs={"codehilite": {"guess_lang": False}})
    text = converter.convert(TEXT)
    try:
        markdown.markdown("x", extensions=["no_such"])
        error = None
    except ModuleNotFoundError as problem:
        error = str(problem)
    return {
        "html": text,
        "toc": converter.toc_tokens,
        "xhtml": markdown.markdown(TEXT, extensions=["extra"], output_format="xhtml"),
        "error": error,
    }
