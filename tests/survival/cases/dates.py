# requires: dateparser==1.5.0 pendulum==3.3.0 arrow==1.4.0 python-dateutil==2.9.0.post0
# Languages and locales by name: dates in words, humanized differences.
import datetime

import arrow
import dateparser
import dateparser.search
import pendulum


def handler(event, context):
    base = {"RELATIVE_BASE": datetime.datetime(2024, 3, 5, 12)}
    words = (
        "hace 3 días",
        "12 août 2023",
        "vor zwei Stunden",
        "вчера",
        "2 weeks ago",
        "gestern 14:00 Europe/Berlin",
        "昨日",
    )
    moment = pendulum.datetime(2024, 3, 5, 12, tz="Europe/Paris")
    arrowed = arrow.get("2024-03-05T12:00:00+01:00")
    errors = []
    for attempt in (
        lambda: pendulum.parse("never"),
        lambda: arrow.get("x"),
        lambda: arrowed.humanize(arrowed, locale="xx"),
        lambda: moment.format("LL", locale="xx"),
        lambda: dateparser.parse("1 x", languages=["xx"]),
    ):
        try:
            errors.append(str(attempt()))
        except (ValueError, pendulum.parsing.exceptions.ParserError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    later = moment.add(months=1, days=3)
    return {
        "parsed": [str(dateparser.parse(text, settings=base)) for text in words],
        "search": [
            [text, str(when)]
            for text, when in dateparser.search.search_dates("On 3 May 2021 and again 4 May 2022", languages=["en"])
        ],
        "pendulum": [
            later.to_iso8601_string(),
            later.diff_for_humans(moment, locale="fr"),
            moment.format("dddd DD MMMM YYYY", locale="pl"),
            str(pendulum.duration(days=3).in_words(locale="de")),
        ],
        "interval": [str(day.date()) for day in pendulum.interval(moment, later).range("weeks")],
        "zones": [len(pendulum.timezones()) > 300, str(moment.in_timezone("Asia/Tokyo"))],
        "arrow": [arrowed.shift(weeks=-1).humanize(arrowed, locale=name) for name in ("ko", "ar", "fr", "pt_br")],
        "format": arrowed.to("US/Pacific").format("D MMMM YYYY ZZ", locale="es"),
        "dehumanize": str(arrowed.dehumanize("in 2 hours")),
        "errors": errors,
    }
