# requires: sqlalchemy==2.0.44 psycopg2-binary==2.9.11 pymysql==1.1.2
# ci: yes
# The ORM on SQLite, events, a pool; statements compiled for PostgreSQL and MySQL with the drivers' engines.
import datetime
import decimal

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import mysql, postgresql


class Base(orm.DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(30), unique=True)
    born: orm.Mapped[datetime.date | None]
    orders: orm.Mapped[list["Order"]] = orm.relationship(back_populates="user", cascade="all, delete-orphan")


class Order(Base):
    __tablename__ = "orders"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    total: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(10, 2))
    note: orm.Mapped[dict] = orm.mapped_column(sa.JSON)
    user_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("users.id"))
    user: orm.Mapped[User] = orm.relationship(back_populates="orders")


def compiled(url):
    engine = sa.create_engine(url)
    table = User.__table__
    select = sa.select(User.name, sa.func.count(Order.id)).join(User.orders).group_by(User.name).limit(3)
    if engine.name == "postgresql":
        upsert = postgresql.insert(table).values(name="x").on_conflict_do_nothing()
    else:
        upsert = mysql.insert(table).values(name="x").on_duplicate_key_update(name="y")
    try:
        engine.connect()
        error = None
    except sa.exc.OperationalError as caught:
        error = type(caught.orig).__module__
    create = sa.schema.CreateTable(Order.__table__).compile(dialect=engine.dialect)
    return [engine.driver, str(select.compile(engine)), str(upsert.compile(engine)), str(create), error]


def handler(event, context):
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        ann = User(name="ann", born=datetime.date(2000, 2, 29))
        ann.orders = [Order(total=decimal.Decimal("1.50"), note={"a": [1]}), Order(total=2, note={})]
        session.add_all([ann, User(name="bob")])
        session.commit()
        rows = session.execute(
            sa.select(User.name, sa.func.sum(Order.total)).outerjoin(User.orders).group_by(User.name).order_by(User.name)
        ).all()
        loaded = session.scalars(sa.select(User).options(orm.selectinload(User.orders)).where(User.id == 1)).one()
        notes = [order.note for order in loaded.orders]
        session.add(User(name="ann"))
        try:
            session.commit()
            error = None
        except sa.exc.IntegrityError as caught:
            error = str(caught.orig)
    tables = sa.inspect(engine).get_table_names()
    urls = ["postgresql+psycopg2://u:p@127.0.0.1:9/x", "mysql+pymysql://u:p@127.0.0.1:9/x"]
    return [[[n, str(t)] for n, t in rows], notes, error, tables, [compiled(url) for url in urls]]
