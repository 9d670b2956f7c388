# requires: html5lib==1.1
# Tree builders and walkers by name, the serializer and its filters, encodings by label.
import html5lib
from html5lib import treebuilders, treewalkers
from html5lib.filters import sanitizer
from html5lib.serializer import HTMLSerializer


def handler(event, context):
    source = b"<table><tr><td>caf\xe9<script>x()</script>"
    result = {}
    for builder in ("etree", "dom"):
        tree = html5lib.parse(source, treebuilder=builder, transport_encoding="iso-8859-1")
        walker = treewalkers.getTreeWalker(builder)
        result[builder] = HTMLSerializer(omit_optional_tags=False, quote_attr_values="always").render(walker(tree))
    tree = html5lib.parseFragment("<b onclick=x>bold<style>p{}</style>", treebuilder="etree")
    stream = sanitizer.Filter(treewalkers.getTreeWalker("etree")(tree))
    result["clean"] = HTMLSerializer(alphabetical_attributes=True).render(stream)
    parser = html5lib.HTMLParser(tree=treebuilders.getTreeBuilder("dom"), strict=True)
    try:
        parser.parse("<p></b>")
    except html5lib.html5parser.ParseError as error:
        result["error"] = str(error)
    return result
