# requires: openpyxl==3.1.5
# event: {"n": 4}
# ci: yes
# A workbook with a chart, styles, validation and a formula, written to memory and read again.
import io
from datetime import date

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table


def handler(event, context):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["name", "count", "day"])
    for n in range(event["n"]):
        sheet.append([f"row {n}", n * n, date(2024, 1, n + 1)])
    book.add_named_style(NamedStyle(name="loud", font=Font(bold=True), fill=PatternFill("solid", fgColor="FFFF00")))
    sheet["A1"].style = "loud"
    sheet["E1"] = "=SUM(B2:B9)"
    sheet.add_table(Table(displayName="T1", ref=f"A1:C{event['n'] + 1}"))
    sheet.conditional_formatting.add(
        "B2:B9", ColorScaleRule(start_type="min", start_color="AA0000", end_type="max", end_color="00AA00")
    )
    sheet.add_data_validation(DataValidation(type="list", formula1='"a,b"'))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=event["n"] + 1), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    out = io.BytesIO()
    book.save(out)
    again = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    lazy = openpyxl.load_workbook(io.BytesIO(out.getvalue()), read_only=True, data_only=True)
    try:
        openpyxl.load_workbook("/tmp/none.csv")
    except InvalidFileException as error:
        message = str(error)
    return {
        "rows": [[str(cell) for cell in row] for row in again.active.iter_rows(values_only=True)],
        "lazy": lazy.active.max_row,
        "formula": again.active["E1"].value,
        "style": again.active["A1"].style,
        "charts": len(again.active._charts),
        "error": message,
    }
