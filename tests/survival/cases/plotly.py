# requires: plotly==7.1.0 numpy==2.2.6
# Figures to JSON and HTML: graph objects and validators by name, templates and the script from package data.
import json

import numpy as np
import plotly
import plotly.figure_factory as ff
import plotly.graph_objects as go
import plotly.io as pio
from plotly.subplots import make_subplots


def handler(event, context):
    figure = make_subplots(rows=1, cols=2, subplot_titles=["a", "b"], specs=[[{"type": "xy"}, {"type": "domain"}]])
    figure.add_trace(go.Scatter(x=[1, 2], y=np.array([3, 4]), mode="lines", line={"dash": "dot"}), 1, 1)
    figure.add_trace(go.Pie(labels=["x", "y"], values=[1, 2]), 1, 2)
    figure.update_layout(template="plotly_dark", title_text="T", xaxis_tickformat=".2f")
    table = ff.create_table([["a", "b"], [1, 2]])
    html = pio.to_html(figure, include_plotlyjs=True, full_html=False, div_id="d")
    errors = []
    for attempt in (
        lambda: go.Bar(nothing=1),
        lambda: go.Scatter(mode="wrong"),
        lambda: setattr(figure.layout, "template", "none_such"),
        lambda: pio.to_image(figure, "png"),
    ):
        try:
            attempt()
        except (ValueError, RuntimeError) as error:
            errors.append(str(error).strip().split("\n")[0])
    data = json.loads(figure.to_json())
    return {
        "kinds": [trace["type"] for trace in data["data"]],
        "template": data["layout"]["template"]["layout"]["paper_bgcolor"],
        "table": table.data[0].type,
        "html": len(html) > 1000000,
        "templates": sorted(pio.templates),
        "again": pio.from_json(figure.to_json()) == figure,
        "colours": plotly.colors.sample_colorscale("Viridis", [0.5]),
        "errors": errors,
    }
