# requires: python-dateutil==2.9.0.post0 pytz==2026.6 tzdata==2026.6 tzlocal==5.4.5
# ci: yes
# Zones from three distributions' data, with the system's out of reach.
import datetime
import os
import zoneinfo

zoneinfo.reset_tzpath(to=())

import pytz
from dateutil import easter, parser, relativedelta, rrule, tz
from dateutil.zoneinfo import get_zonefile_instance


def handler(event, context):
    when = datetime.datetime(2024, 7, 1, 12)
    result = {"zoneinfo": {}, "pytz": {}, "dateutil": {}}
    for name in ("Europe/Berlin", "America/Argentina/Ushuaia", "Asia/Kolkata"):
        result["zoneinfo"][name] = when.replace(tzinfo=zoneinfo.ZoneInfo(name)).isoformat()
        result["pytz"][name] = pytz.timezone(name).localize(when).isoformat()
        result["dateutil"][name] = when.replace(tzinfo=get_zonefile_instance().get(name)).isoformat()
    result["zones"] = [
        len(zoneinfo.available_timezones()) > 400,
        len(pytz.common_timezones) > 300,
        pytz.country_names["de"],
    ]
    result["rule"] = [str(day) for day in rrule.rrulestr("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", dtstart=when)]
    result["parsed"] = [
        str(parser.parse(text, tzinfos={"CEST": 7200})) for text in ("3 Mar 2024 4pm CEST", "20240102T030405Z")
    ]
    result["later"] = str(when + relativedelta.relativedelta(months=+1, weekday=relativedelta.MO(2)))
    result["easter"] = str(easter.easter(2024))
    result["tz"] = str(tz.tzstr("EST5EDT").utcoffset(when))
    errors = []
    for attempt in (
        lambda: zoneinfo.ZoneInfo("No/Where"),
        lambda: pytz.timezone("No/Where"),
        lambda: parser.parse("never"),
    ):
        try:
            attempt()
        except (KeyError, ValueError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    os.environ["TZ"] = "UTC"
    import tzlocal

    return {**result, "errors": errors, "local": str(tzlocal.reload_localzone())}
