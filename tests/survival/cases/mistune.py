# requires: mistune==3.4.0
# Plug-ins by name, directives, an AST, a renderer of reStructuredText.
import mistune
from mistune.directives import Admonition, FencedDirective, TableOfContents
from mistune.renderers.markdown import MarkdownRenderer
from mistune.renderers.rst import RSTRenderer

TEXT = "# One\n\nhi ~~no~~ https://x.example\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\nnote[^1] $x$ ==m==\n\n[^1]: text\n"


def handler(event, context):
    names = [
        "strikethrough",
        "footnotes",
        "table",
        "url",
        "task_lists",
        "def_list",
        "abbr",
        "mark",
        "insert",
        "superscript",
        "subscript",
        "math",
        "ruby",
        "spoiler",
    ]
    render = mistune.create_markdown(escape=False, plugins=[*names, FencedDirective([Admonition(), TableOfContents()])])
    try:
        mistune.create_markdown(plugins=["no_such"])
        error = None
    except Exception as problem:
        error = type(problem).__name__
    return {
        "html": render(TEXT + "\n```{note} T\nbody\n```\n"),
        "ast": mistune.create_markdown(renderer="ast")("*a*"),
        "rst": mistune.create_markdown(renderer=RSTRenderer())("# H\n\n`x` **b**"),
        "markdown": mistune.create_markdown(renderer=MarkdownRenderer())("1. a\n2. b"),
        "error": error,
    }
