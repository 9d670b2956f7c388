# requires: docutils==0.23 pygments==2.21.0
# Readers, parsers, writers, languages and directives by name; style sheets and templates are data.
from docutils.core import publish_doctree, publish_parts, publish_string
from docutils.utils import SystemMessage

TEXT = """
Title
=====

.. contents::

.. note:: Careful

.. code:: python

   x = 1

.. csv-table:: T
   :header: a, b

   1, 2

.. image:: x.png
   :alt: pic

.. math:: x^2

Text with *emphasis*, a |sub|, [1]_ and :sup:`2`. :pep:`8`

.. |sub| replace:: word
.. [1] foot
.. unknown:: x
"""


def handler(event, context):
    quiet = {"report_level": 5, "syntax_highlight": "short"}
    result = {}
    for writer in ("html5", "html4css1", "latex", "xml", "manpage", "pseudoxml", "odt"):
        settings = {
            **quiet,
            "datestamp": None,
            "generator": None,
            "embed_stylesheet": True,
            "language_code": "en",
            "use_latex_citations": True,
        }
        data = publish_string(TEXT, writer_name=writer, settings_overrides=settings)
        result[writer] = len(data) > 500 if writer == "odt" else len(data)
    result["parts"] = publish_parts(TEXT, writer_name="html5", settings_overrides=quiet)["body"]
    french = ".. attention:: Oh\n\n.. danger:: Non\n"
    result["french"] = publish_parts(french, writer_name="html5", settings_overrides={**quiet, "language_code": "fr"})[
        "body"
    ]
    tree = publish_doctree(TEXT, settings_overrides=quiet)
    result["nodes"] = sorted({type(node).__name__ for node in tree.findall()})
    try:
        publish_string(".. unknown:: x", settings_overrides={"halt_level": 2, "report_level": 5})
    except SystemMessage as error:
        result["error"] = str(error).split("\n")[0]
    try:
        publish_string("x", writer_name="none_such")
    except ImportError as error:
        result["writer"] = str(error).split("\n")[0]
    return result
