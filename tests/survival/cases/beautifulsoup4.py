# requires: beautifulsoup4==4.15.0 lxml==6.1.3 html5lib==1.1
# The three tree builders, found by name; CSS through soupsieve; bytes in an old encoding.
from bs4 import BeautifulSoup, FeatureNotFound


def handler(event, context):
    page = "<ul><li class=a>één<li class=b><b>two</b></ul><p>tail".encode("latin-1")
    result = {}
    for parser in ("html.parser", "lxml", "html5lib", "lxml-xml"):
        soup = BeautifulSoup(page, parser, from_encoding="latin-1")
        result[parser] = [str(soup), soup.original_encoding]
    soup = BeautifulSoup(page, "html5lib")
    result["select"] = [tag.get_text() for tag in soup.select("li.b > b, li:nth-of-type(1)")]
    result["pretty"] = soup.prettify(formatter="html5")
    try:
        BeautifulSoup(page, "no-such-parser")
    except FeatureNotFound as error:
        result["error"] = str(error)
    return result
