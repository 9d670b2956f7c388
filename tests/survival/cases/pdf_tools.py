# requires: pypdf==7.1.0 fpdf2==2.8.9 pdfminer.six==20260107 cryptography==50.0.2
# One writes, two read: fonts, encryption, character maps from package data.
import datetime
import io

from fpdf import FPDF
from fpdf.errors import FPDFException
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTTextContainer
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError


def handler(event, context):
    pdf = FPDF()
    pdf.creation_date = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 16)
    pdf.cell(40, 10, "Hello slim", new_x="LMARGIN", new_y="NEXT")
    pdf.write_html("<h1>Head</h1><p>some <b>bold</b> text</p><ul><li>one</li></ul>")
    with pdf.table() as table:
        for row in (("a", "b"), ("1", "2")):
            table.row(row)
    pdf.add_page()
    pdf.code39("*X1*", 10, 50)
    pdf.circle(50, 50, 10)
    data = bytes(pdf.output())
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.add_metadata({"/Title": "Ä"})
    writer.add_outline_item("here", 0)
    writer.pages[1].rotate(90)
    writer.encrypt("user", "owner", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    reader = PdfReader(io.BytesIO(locked.getvalue()))
    result = {"encrypted": reader.is_encrypted, "opened": int(reader.decrypt("user")), "title": reader.metadata.title}
    result["pypdf"] = reader.pages[0].extract_text()
    result["miner"] = extract_text(io.BytesIO(locked.getvalue()), password="owner")
    result["boxes"] = [
        sum(isinstance(part, LTTextContainer) for part in page) for page in extract_pages(io.BytesIO(data))
    ]
    errors = []
    for attempt in (
        lambda: PdfReader(io.BytesIO(b"%PDF nothing")).pages[0],
        lambda: extract_text(io.BytesIO(locked.getvalue()), password="no"),
        lambda: pdf.set_font("NoSuchFont"),
    ):
        try:
            attempt()
        except (PdfReadError, PDFPasswordIncorrect, FPDFException) as error:
            errors.append(type(error).__name__)
    from pdfminer.cmapdb import CMapDB

    result["cmap"] = CMapDB.get_cmap("UniJIS-UTF16-H").is_vertical()
    result["decoded"] = list(CMapDB.get_cmap("90ms-RKSJ-H").decode(b"\x82\xa0"))
    return {**result, "errors": errors}
