# requires: babel==2.18.0
# Locale data by name with fallbacks, plural rules, message catalogues, time zones.
import datetime
import io

from babel import Locale, UnknownLocaleError, dates, lists, numbers, plural, support, units
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po


def handler(event, context):
    when = datetime.datetime(2024, 3, 5, 14, 7, tzinfo=datetime.timezone.utc)
    result = {}
    for name in ("de_CH", "ar_EG", "pt_BR", "zh_Hant_TW", "sr_Latn", "hi"):
        locale = Locale.parse(name)
        result[name] = [
            locale.get_display_name("en"),
            dates.format_datetime(when, "full", tzinfo=dates.get_timezone("Europe/Zurich"), locale=locale),
            numbers.format_currency(1234.5, "CHF", locale=locale),
            numbers.format_compact_decimal(12345, format_type="short", locale=locale),
            lists.format_list(["a", "b", "c"], locale=locale),
            units.format_unit(3, "length-kilometer", locale=locale),
            locale.plural_form(2),
            dates.format_timedelta(datetime.timedelta(days=3), locale=locale),
        ]
    catalog = Catalog(locale="fr")
    catalog.add("Hello", "Bonjour")
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, omit_header=True)
    write_mo(mo, read_po(io.BytesIO(po.getvalue()), locale="fr"))
    mo.seek(0)
    result["gettext"] = support.Translations(mo).gettext("Hello")
    result["found"] = [[line, message] for line, message, _, _ in extract("python", io.BytesIO(b"_('one')\n"))]
    result["rule"] = str(plural.to_python({"one": "n is 1"})(1))
    result["number"] = str(numbers.parse_decimal("1.234,5", locale="de"))
    errors = []
    for attempt in (
        lambda: Locale.parse("xx_YY"),
        lambda: numbers.parse_decimal("x", locale="en"),
        lambda: list(extract("nomethod", io.BytesIO(b""))),
    ):
        try:
            attempt()
        except (UnknownLocaleError, numbers.NumberFormatError, ValueError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {**result, "errors": errors}
