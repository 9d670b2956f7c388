# requires: graphql-core==3.3.2 peewee==4.5.3 sqlparse==0.6.1
# A schema with resolvers over models on SQLite; the queries formatted; errors of each.
import graphql
import peewee
import sqlparse
from playhouse.shortcuts import model_to_dict

database = peewee.SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})


class Author(peewee.Model):
    name = peewee.CharField(unique=True)

    class Meta:
        database = database


class Book(peewee.Model):
    author = peewee.ForeignKeyField(Author, backref="books")
    title = peewee.TextField()

    class Meta:
        database = database


SCHEMA = graphql.build_schema("""
type Book { title: String! author: Author }
type Author { name: String! books(first: Int = 5): [Book!]! }
enum Order { UP DOWN }
type Query { authors(order: Order = UP): [Author!]! fail: Int }
type Mutation { add(name: String!): Author }
""")


def fail(root, info):
    raise ValueError("no luck")


SCHEMA.query_type.fields["authors"].resolve = lambda root, info, order: list(
    Author.select().order_by(Author.name.asc() if order == "UP" else Author.name.desc())
)
SCHEMA.query_type.fields["fail"].resolve = fail
SCHEMA.mutation_type.fields["add"].resolve = lambda root, info, name: Author.create(name=name)
SCHEMA.get_type("Author").fields["books"].resolve = lambda author, info, first: list(author.books.limit(first))


def handler(event, context):
    database.create_tables([Author, Book])
    queries = (
        'mutation { add(name: "B") { name } }',
        'mutation { add(name: "A") { name } }',
        "{ authors(order: DOWN) { name books(first: 1) { title author { name } } } }",
        "{ fail }",
        "{ nothing }",
        "{ authors(",
        'mutation { add(name: "A") { name } }',
    )
    result = []
    for query in queries:
        if query.startswith("{ authors(o"):
            Book.create(author=Author.get(name="A"), title="T")
        found = graphql.graphql_sync(SCHEMA, query)
        result.append([found.data, [str(error) for error in found.errors or []]])
    sql = str(Book.select(Author.name, peewee.fn.COUNT(Book.id)).join(Author).group_by(Author.name))
    statement = sqlparse.parse(sql)[0]
    return {
        "answers": result,
        "sql": sqlparse.format(sql, reindent=True, keyword_case="lower"),
        "type": statement.get_type(),
        "dict": model_to_dict(Book.get(), backrefs=True),
        "schema": graphql.print_schema(SCHEMA)[:40],
        "introspection": len(graphql.introspection_from_schema(SCHEMA)["__schema"]["types"]),
        "tables": database.get_tables(),
    }
