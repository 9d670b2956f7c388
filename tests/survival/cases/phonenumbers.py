# requires: phonenumbers==9.0.43
# Regions' metadata by name, carriers, places and zones in several languages, a matcher, errors.
import phonenumbers
from phonenumbers import carrier, geocoder, timezone
from phonenumbers.phonenumberutil import NumberParseException


def handler(event, context):
    result = {}
    for text, region in (
        ("+442083661177", None),
        ("030 123456", "DE"),
        ("+919820012345", None),
        ("+8613910001000", None),
        ("911", "US"),
    ):
        number = phonenumbers.parse(text, region)
        result[text] = [
            phonenumbers.is_valid_number(number),
            phonenumbers.region_code_for_number(number),
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
            geocoder.description_for_number(number, "de"),
            carrier.name_for_number(number, "en"),
            list(timezone.time_zones_for_number(number)),
        ]
    result["match"] = [match.raw_string for match in phonenumbers.PhoneNumberMatcher("Call 510-748-8230 now", "US")]
    result["short"] = phonenumbers.is_emergency_number("112", "FR")
    typed = phonenumbers.AsYouTypeFormatter("US")
    result["typed"] = [typed.input_digit(digit) for digit in "6502532222"][-1]
    try:
        phonenumbers.parse("abc", "US")
    except NumberParseException as error:
        result["error"] = str(error)
    return result
