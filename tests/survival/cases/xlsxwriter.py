# requires: xlsxwriter==3.3.1
# A workbook with formats, a chart, a table and constant memory; its parts by name; errors.
import io
import zipfile

import xlsxwriter
from xlsxwriter.exceptions import DuplicateWorksheetName
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell


def handler(event, context):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yy"})
    sheet = book.add_worksheet("Data")
    bold = book.add_format({"bold": True, "bg_color": "yellow"})
    sheet.write_row("A1", ["name", "n"], bold)
    for n in range(5):
        sheet.write_row(n + 1, 0, [f"row {n}", n * n])
    sheet.write_formula("C1", "=SUM(B2:B6)", bold, 30)
    sheet.write_rich_string("D1", "a ", bold, "b")
    sheet.add_table("F1:G3", {"columns": [{"header": "x"}, {"header": "y"}]})
    sheet.conditional_format("B2:B6", {"type": "3_color_scale"})
    sheet.add_sparkline("H1", {"range": "Data!B2:B6"})
    for kind in ("column", "pie", "scatter", "stock"):
        chart = book.add_chart({"type": kind})
        chart.add_series({"categories": "=Data!$A$2:$A$6", "values": "=Data!$B$2:$B$6"})
        sheet.insert_chart(10, 1, chart)
    sheet.insert_textbox("J1", "text")
    try:
        book.add_worksheet("data")
    except DuplicateWorksheetName as error:
        message = str(error)
    book.close()
    return {
        "parts": sorted(zipfile.ZipFile(io.BytesIO(out.getvalue())).namelist()),
        "cell": [xl_rowcol_to_cell(3, 30), list(xl_cell_to_rowcol("AB7"))],
        "error": message,
    }
