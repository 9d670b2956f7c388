# requires: alembic==1.20.1 sqlalchemy==2.1.9 mako==1.4.3
# Migrations from a directory made at run time out of the package's templates, run and printed as SQL.
import contextlib
import io
import os
import tempfile

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError


def handler(event, context):
    place = os.path.join(tempfile.mkdtemp(), "scripts")
    out = io.StringIO()
    config = Config(stdout=out, output_buffer=out)
    config.config_file_name = os.path.join(os.path.dirname(place), "alembic.ini")
    with contextlib.redirect_stdout(io.StringIO()):
        command.init(config, place)
    config = Config(config.config_file_name, stdout=out, output_buffer=out)
    config.set_main_option("script_location", place)
    url = "sqlite:///" + os.path.join(place, "x.db")
    config.set_main_option("sqlalchemy.url", url)
    config.attributes["configure_logger"] = False
    with contextlib.redirect_stdout(io.StringIO()):
        command.revision(config, "first", rev_id="aaa")
    file = next(
        os.path.join(place, "versions", name)
        for name in os.listdir(os.path.join(place, "versions"))
        if name.startswith("aaa")
    )
    with open(file) as opened:
        text = opened.read()
    with open(file, "w") as opened:
        opened.write(
            text.replace("    pass", "    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))", 1)
        )
    command.upgrade(config, "head")
    command.current(config)
    command.history(config)
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    sa.Table(
        "t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(5), server_default="x")
    )
    with engine.begin() as connection:
        tables = sa.inspect(connection).get_table_names()
        migration = MigrationContext.configure(connection)
        code = render_python_code(produce_migrations(migration, metadata).upgrade_ops)
        with Operations(migration).batch_alter_table("t") as batch:
            batch.add_column(sa.Column("b", sa.Boolean))
        columns = [column["name"] for column in sa.inspect(connection).get_columns("t")]
    sql = io.StringIO()
    for name in ("postgresql", "mysql", "mssql"):
        offline = MigrationContext.configure(dialect_name=name, opts={"as_sql": True, "output_buffer": sql})
        Operations(offline).create_index("i", "t", ["b"])
        Operations(offline).alter_column("t", "b", existing_type=sa.Boolean, nullable=False)
    try:
        command.upgrade(config, "zzz")
    except CommandError as error:
        message = str(error)
    return {
        "tables": sorted(tables),
        "code": code,
        "columns": columns,
        "sql": sql.getvalue(),
        "said": "aaa (head)" in out.getvalue(),
        "error": message,
    }
