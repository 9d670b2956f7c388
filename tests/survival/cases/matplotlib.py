# requires: matplotlib==3.11.2
# Figures in three formats: each backend is imported by name when saving; fonts and style sheets are data files.
import io
import os

os.environ["MPLCONFIGDIR"] = "/tmp/slim-matplotlib"

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import font_manager


def handler(event, context):
    sizes = {}
    with plt.style.context("ggplot"):
        fig, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
        left.plot([1, 2, 3], [2, 4, 3], label="$\\alpha^2$")
        left.legend()
        right.imshow([[0, 1], [2, 3]], cmap="viridis")
        right.set_title("Größe", family="DejaVu Serif")
        for kind in ("png", "svg", "pdf", "ps"):
            out = io.BytesIO()
            meta = {"png": None, "svg": {"Date": None}, "pdf": {"CreationDate": None}, "ps": None}[kind]
            fig.savefig(out, format=kind, metadata=meta)
            sizes[kind] = [out.getvalue()[:4].hex(), len(out.getvalue()) > 5000]
    try:
        fig.savefig(io.BytesIO(), format="docx")
    except ValueError as error:
        sizes["error"] = str(error)
    plt.close(fig)
    font = font_manager.findfont("DejaVu Sans Mono")
    return {"sizes": sizes, "font": os.path.basename(font), "styles": len(plt.style.available)}
