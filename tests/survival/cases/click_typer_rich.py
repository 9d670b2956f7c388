# requires: click==8.5.1 typer==0.29.2 rich==15.0.0 tabulate==0.10.0
# Commands run in process, help pages, completion scripts, tables in many formats, tracebacks.
import enum
import io

import click
import typer
from click.testing import CliRunner
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import track
from rich.syntax import Syntax
from rich.table import Table
from rich.traceback import Traceback
from rich.tree import Tree
from tabulate import tabulate, tabulate_formats
from typer.testing import CliRunner as TyperRunner


@click.group()
@click.version_option("1.0")
def group():
    """Does things."""


@group.command()
@click.argument("n", type=click.IntRange(0, 9))
@click.option("--kind", type=click.Choice(["a", "b"]), default="a", show_default=True)
@click.option("--when", type=click.DateTime())
def run(n, kind, when):
    click.secho(f"{n} {kind} {when}", fg="green")


class Colour(str, enum.Enum):
    red = "red"


tool = typer.Typer()


@tool.command()
def paint(colour: Colour = Colour.red, times: int = typer.Option(1, help="How [b]often[/b]")):
    """Paints."""
    print(colour.value * times)


@tool.command()
def other():
    raise typer.Exit(4)


def handler(event, context):
    runner = CliRunner()
    calls = [["run", "3", "--when", "2024-01-02"], ["run", "33"], ["--help"], ["--version"], ["rum"]]
    result = {"click": [[found.exit_code, found.output] for found in (runner.invoke(group, call) for call in calls)]}
    typed = TyperRunner()
    found = [
        typed.invoke(tool, call, env={"COLUMNS": "80", "TERM": "dumb"})
        for call in (["paint", "--times", "2"], ["other"], ["paint", "--colour", "blue"], ["--help"])
    ]
    result["typer"] = [[one.exit_code, one.output] for one in found]
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, color_system="truecolor", legacy_windows=False)
    table = Table("a", "b", title="T")
    table.add_row("1", "[bold]two[/] :smile:")
    tree = Tree("root")
    tree.add("leaf")
    console.print(
        table, tree, Markdown("# One\n\n* two\n\n```python\nx = 1\n```"), Syntax("SELECT 1", "sql", theme="monokai")
    )
    console.print_json('{"a": [1]}')
    try:
        1 / 0
    except ZeroDivisionError as error:
        console.print(Traceback.from_exception(type(error), error, None))
    result["rich"] = out.getvalue()
    rows = [["a", 1.5], ["b", None]]
    result["tabulate"] = {kind: tabulate(rows, ["x", "y"], tablefmt=kind) for kind in tabulate_formats}
    result["tracked"] = list(track(range(2), console=Console(file=io.StringIO())))
    return result
