# requires: unidecode==1.4.0 python-slugify==9.2.0 pycountry==26.2.16 charset-normalizer==3.5.2 chardet==7.7.0
# ci: yes
# Tables by code point, catalogues: data and modules chosen by the text itself.
import gettext

import chardet
import charset_normalizer
import pycountry
from slugify import slugify
from unidecode import UnidecodeError, unidecode, unidecode_expect_nonascii


def handler(event, context):
    texts = (
        "Das ist ein deutscher Satz über Pakete.",
        "Ceci n'est pas une pipe, mais une phrase.",
        "これは日本語の文章です。",
        "Это русский текст.",
    )
    result = {
        "ascii": [unidecode(text) for text in (*texts, "北京 𝔘 € ½ \U0001f600")],
        "slug": [slugify(text, max_length=20, word_boundary=True) for text in texts],
        "emoji": slugify("I ♥ U & C++", replacements=[["&", "and"]]),
        "country": [
            pycountry.countries.get(alpha_2="DE").official_name,
            pycountry.countries.search_fuzzy("Moldova")[0].alpha_3,
        ],
        "more": [
            pycountry.currencies.get(alpha_3="CHF").name,
            pycountry.languages.get(alpha_2="sw").name,
            pycountry.subdivisions.get(code="AT-9").name,
            pycountry.scripts.get(alpha_4="Cyrl").name,
        ],
        "charset": str(charset_normalizer.from_bytes(texts[3].encode("cp1251") * 5).best().encoding),
        "chardet": chardet.detect(texts[3].encode("koi8-r") * 5)["encoding"],
    }
    german = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["de"])
    result["german"] = german.gettext("Germany")
    errors = []
    for attempt in (
        lambda: unidecode_expect_nonascii("\ue000", errors="strict"),
        lambda: pycountry.countries.search_fuzzy("zzzz"),
    ):
        try:
            attempt()
        except (UnidecodeError, LookupError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {**result, "errors": errors}
