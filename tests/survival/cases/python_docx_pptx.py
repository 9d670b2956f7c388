# requires: python-docx==1.2.0 python-pptx==1.0.2
# Documents from the packages' templates, tables, pictures, charts, styles; read again.
import io
import struct
import zlib

import docx
import pptx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Inches
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE


def picture():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(4)))
        + chunk(b"IEND", b"")
    )


def handler(event, context):
    document = docx.Document()
    document.add_heading("Title", 0)
    document.add_paragraph("text ", style="List Bullet").add_run("bold").bold = True
    document.add_paragraph("mid").alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(2, 2, style="Light Grid Accent 1")
    table.cell(0, 1).text = "x"
    document.add_picture(picture(), width=Inches(1))
    document.sections[0].header.paragraphs[0].text = "head"
    document.add_comment(document.paragraphs[1].runs, text="note", author="me")
    out = io.BytesIO()
    document.save(out)
    again = docx.Document(io.BytesIO(out.getvalue()))
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Slide"
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, 999999, 999999, data)
    slide.notes_slide.notes_text_frame.text = "notes"
    slide.shapes.add_picture(picture(), 0, 0)
    out = io.BytesIO()
    show.save(out)
    back = pptx.Presentation(io.BytesIO(out.getvalue()))
    errors = []
    for attempt in (
        lambda: docx.Document("/tmp/none.docx"),
        lambda: document.add_heading("x", 12),
        lambda: pptx.Presentation("/tmp/none.pptx"),
    ):
        try:
            attempt()
        except (PackageNotFoundError, ValueError, pptx.exc.PackageNotFoundError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {
        "paragraphs": [[part.text, part.style.name] for part in again.paragraphs],
        "header": again.sections[0].header.paragraphs[0].text,
        "shapes": [
            [shape.shape_type.name if shape.shape_type else None, shape.name] for shape in back.slides[0].shapes
        ],
        "notes": back.slides[0].notes_slide.notes_text_frame.text,
        "errors": errors,
    }
