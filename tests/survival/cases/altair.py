# requires: altair==6.3.0 pandas==3.1.1
# Charts to Vega-Lite JSON, validated against the schema in the package; themes and transformers by name or entry point.
import json

import altair as alt
import pandas as pd


def handler(event, context):
    frame = pd.DataFrame(
        {"x": [1, 2, 3], "y": [3.0, 1.0, 2.0], "k": list("aba"), "t": pd.date_range("2024-01-01", periods=3)}
    )
    pick = alt.selection_interval(name="pick")
    points = (
        alt.Chart(frame)
        .mark_point()
        .encode(x="x:Q", y=alt.Y("mean(y)", title="Y"), color=alt.condition(pick, "k", alt.value("grey")))
        .add_params(pick)
    )
    bars = (
        alt.Chart(frame).mark_bar().encode(x="count()", y="k", tooltip=["k", "t:T"]).transform_filter(alt.datum.x > 1)
    )
    chart = (points & bars).properties(title="T").configure_axis(grid=False)
    with alt.theme.enable("dark"):
        dark = json.loads(chart.to_json())
    errors = []
    for attempt in (
        lambda: alt.Chart(frame).mark_bar(size="wide").to_dict(),
        lambda: alt.Chart(frame).encode(x="nope").to_dict(),
        lambda: alt.theme.enable("none_such"),
    ):
        try:
            attempt()
        except Exception as error:
            errors.append(type(error).__name__)
    with alt.data_transformers.enable("csv"):
        pass
    return {
        "marks": [part["mark"]["type"] for part in dark["vconcat"]],
        "encoding": dark["vconcat"][0]["encoding"]["x"],
        "background": dark["config"].get("background"),
        "types": dark["vconcat"][1]["encoding"]["y"]["type"],
        "html": "vega-embed" in chart.to_html(),
        "renderers": sorted(alt.renderers.names()),
        "errors": errors,
    }
