# requires: holidays==0.109
# Countries and exchanges by name, with subdivisions and translations.
import datetime

import holidays


def handler(event, context):
    bavaria = holidays.country_holidays("DE", subdiv="BY", years=2024)
    result = {
        "bavaria": [[str(day), name] for day, name in sorted(bavaria.items())][:4],
        "french": holidays.country_holidays("FRA", years=2024, language="en_US").get("2024-07-14"),
        "thai": holidays.country_holidays("TH", years=2024, language="th").get("2024-01-01"),
        "exchange": datetime.date(2024, 12, 25) in holidays.financial_holidays("NYSE"),
        "class": holidays.Brazil(subdiv="SP", years=2024).get("2024-07-09"),
        "sum": len(holidays.CountryHoliday("US", years=2024) + holidays.CA(years=2024)),
        "supported": len(holidays.list_supported_countries()) > 100,
        "languages": holidays.list_localized_countries()["CH"],
    }
    errors = []
    for attempt in (
        lambda: holidays.country_holidays("XX"),
        lambda: holidays.country_holidays("DE", subdiv="ZZ"),
        lambda: bavaria["nonsense"],
    ):
        try:
            attempt()
        except (NotImplementedError, ValueError) as error:
            errors.append(f"{type(error).__name__}: {error}"[:80])
    return {**result, "errors": errors}
