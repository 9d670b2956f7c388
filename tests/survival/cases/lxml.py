# requires: lxml==6.1.3
# ci: yes
# etree, XPath with functions, XSLT, objectify, Relax NG and ISO Schematron (its style sheets are data), HTML, ElementPath (imported by the extension).
from lxml import etree, objectify
from lxml import html as lxml_html
from lxml.builder import E
from lxml.isoschematron import Schematron

SHEET = b"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/><xsl:template match="/"><xsl:for-each select="//item"><xsl:value-of select="@n"/>;</xsl:for-each></xsl:template>
</xsl:stylesheet>"""
GRAMMAR = b"""<element name="list" xmlns="http://relaxng.org/ns/structure/1.0"><oneOrMore><element name="item"><attribute name="n"/><text/></element></oneOrMore></element>"""
RULES = b"""<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern id="p"><rule context="item"><assert test="@n &lt; 3">n is small</assert></rule></pattern></schema>"""


def handler(event, context):
    root = E.list(*[E.item(str(n * n), n=str(n)) for n in range(5)])
    transform = etree.XSLT(etree.XML(SHEET))
    parsed = objectify.fromstring(b"<a><b>1</b><b>2.5</b><c>x</c></a>")
    page = lxml_html.fromstring("<p>one<br>two <a href='/x'>link</a>")
    page.make_links_absolute("https://example.org/")
    try:
        etree.fromstring(b"<a><b></a>")
        error = None
    except etree.XMLSyntaxError as problem:
        error = [problem.code, problem.lineno]
    return {
        "xpath": root.xpath("sum(//item[@n > 2])"),
        "regexp": root.xpath(
            "count(//item[re:test(., '^1')])", namespaces={"re": "http://exslt.org/regular-expressions"}
        ),
        "path": [item.text for item in root.findall(".//item[@n='4']")],
        "xslt": str(transform(root)),
        "objectify": [int(parsed.b[0]), float(parsed.b[1]), str(parsed.c)],
        "relaxng": etree.RelaxNG(etree.XML(GRAMMAR)).validate(root),
        "schematron": Schematron(etree.XML(RULES)).validate(root),
        "html": lxml_html.tostring(page).decode(),
        "error": error,
    }
