# requires: celery==5.5.3
# Tasks run at once, chains and groups, the in-memory broker, a worker's strategy of retries, schedules, signatures.
from celery import Celery, chain, chord, group, signals
from celery.schedules import crontab
from kombu import Connection
from kombu.serialization import dumps, loads

app = Celery("app", broker="memory://", backend="cache+memory://")
app.conf.update(task_always_eager=True, task_store_eager_result=False, timezone="Europe/Berlin")
app.conf.beat_schedule = {"n": {"task": "app.add", "schedule": crontab(minute="*/5"), "args": (1, 2)}}
seen = []


@app.task(name="app.add")
def add(x, y):
    return x + y


@app.task(bind=True, max_retries=2, default_retry_delay=0)
def flaky(self, n):
    if self.request.retries < n:
        raise self.retry(exc=ValueError("again"))
    return self.request.retries


@signals.task_postrun.connect
def after(sender=None, retval=None, **kwargs):
    seen.append([sender.name, str(retval)])


def handler(event, context):
    results = [
        add.delay(1, 2).get(),
        chain(add.s(1, 2), add.s(3))().get(),
        group(add.s(n, n) for n in range(3))().get(),
        chord([add.s(1, 1), add.s(2, 2)], total.s())().get(),
        flaky.delay(2).get(),
        flaky.apply(args=(5,)).state,
    ]
    with Connection("memory://") as connection:
        queue = connection.SimpleQueue("q")
        queue.put({"a": "ä"}, serializer="json", compression="zlib")
        message = queue.get(timeout=1)
        message.ack()
        results.append(message.payload)
    kind, encoding, text = dumps({"a": 1}, "pickle")
    data = loads(text, kind, encoding, accept=[kind])
    due = app.conf.beat_schedule["n"]["schedule"]
    return [results, data, repr(due), sorted(t for t in app.tasks if t.startswith("celery.")), seen[:3]]


@app.task
def total(values):
    return sum(values)
