# requires: reportlab==5.1.0
# A PDF with built-in and TrueType fonts, a table, a bar code and a QR code as drawings.
import io
import os

import reportlab
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing, getCodeNames
from reportlab.graphics.charts.piecharts import Pie
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle


def handler(event, context):
    pdfmetrics.registerFont(TTFont("Vera", os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")))
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=A4, invariant=1)
    style = getSampleStyleSheet()
    table = Table([["a", "b"], [1, 2]], style=TableStyle([("GRID", (0, 0), (-1, -1), 1, colors.red)]))
    pie = Drawing(100, 100)
    chart = Pie()
    chart.data = [1, 2, 3]
    pie.add(chart)
    document.build(
        [
            Paragraph("Hello <b>bold</b> <font name='Vera'>Vera</font> <i>x</i>", style["Title"]),
            table,
            createBarcodeDrawing("Code128", value="SLIM-1", barHeight=20),
            createBarcodeDrawing("QR", value="https://example.org"),
            createBarcodeDrawing("EAN13", value="400638133393"),
            pie,
        ]
    )
    second = io.BytesIO()
    page = canvas.Canvas(second, invariant=1)
    page.setFont("HeiseiMin-W3", 12)
    page.drawString(20, 20, "日本")
    renderPDF.draw(pie, page, 50, 50)
    page.save()
    try:
        pdfmetrics.getFont("NoSuchFont")
        error = None
    except KeyError as problem:
        error = str(problem)
    return {
        "sizes": [out.getvalue()[:8].decode(), len(out.getvalue()), len(second.getvalue())],
        "width": round(pdfmetrics.stringWidth("slim", "Times-Italic", 10), 3),
        "codes": len(getCodeNames()),
        "error": error,
    }
