# requires: apscheduler==3.11.3 sqlalchemy==2.1.9
# ci: yes
# Triggers, stores and executors by entry point, a cron expression, jobs by "module:function".
import datetime
import os
import tempfile
import threading

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

DONE = threading.Event()
SEEN = []


def work(n):
    SEEN.append(n)
    DONE.set()


def handler(event, context):
    scheduler = BackgroundScheduler(
        {
            "apscheduler.jobstores.default": {
                "type": "sqlalchemy",
                "url": "sqlite:///" + os.path.join(tempfile.mkdtemp(), "jobs.db"),
            },
            "apscheduler.jobstores.quick": {"type": "memory"},
            "apscheduler.executors.default": {"type": "threadpool", "max_workers": "2"},
            "apscheduler.timezone": "UTC",
        }
    )
    scheduler.start(paused=True)
    scheduler.add_job("app:work", "interval", args=[1], hours=1, id="a")
    scheduler.add_job("app:work", "cron", args=[2], minute="*/5", id="b")
    scheduler.add_job("app:work", "date", args=[3], run_date="2999-01-01", id="c")
    errors = []
    for attempt in (
        lambda: scheduler.add_job(work, "none_such"),
        lambda: scheduler.remove_job("zzz"),
        lambda: scheduler.add_job("app:nothing"),
    ):
        try:
            attempt()
        except (LookupError, JobLookupError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    kinds = sorted(type(job.trigger).__name__ for job in scheduler.get_jobs())
    scheduler.add_job("app:work", args=[4], id="now", jobstore="quick")
    scheduler.resume()
    DONE.wait(20)
    scheduler.shutdown()
    base = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    trigger = OrTrigger(
        [CronTrigger.from_crontab("0 9 * * mon-fri", timezone="UTC"), CronTrigger(day="last", timezone="UTC")]
    )
    return {"kinds": kinds, "errors": errors, "next": str(trigger.get_next_fire_time(None, base)), "ran": bool(SEEN)}
