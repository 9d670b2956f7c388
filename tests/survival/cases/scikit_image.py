# requires: scikit-image==0.26.0 imageio==2.38.1 numpy==2.2.6
# Lazily loaded parts that read stubs, plug-ins by name, data in the package, filters in Cython.

import imageio.v3 as iio
import numpy as np
import skimage
from skimage import color, data, draw, exposure, feature, filters, measure, morphology, segmentation, transform


def handler(event, context):
    image = np.zeros((60, 60))
    image[draw.disk((30, 30), 12)] = 1.0
    image[5:12, 5:12] = 0.7
    labels = measure.label(image > 0.5)
    rotated = transform.rotate(image, 30)
    out = {}
    for extension in (".png", ".tiff", ".gif", ".npz"):
        try:
            raw = iio.imwrite("<bytes>", (image * 255).astype(np.uint8), extension=extension)
            out[extension] = list(iio.imread(raw, extension=extension).shape)
        except Exception as error:
            out[extension] = type(error).__name__
    try:
        skimage.none_such
        error = None
    except AttributeError as problem:
        error = str(problem)
    try:
        iio.imread(b"not an image")
    except OSError as problem:
        wrong = type(problem).__name__
    lbp = data.lbp_frontal_face_cascade_filename()
    return {
        "regions": [int(region.area) for region in measure.regionprops(labels)],
        "otsu": round(float(filters.threshold_otsu(image)), 3),
        "edges": int(feature.canny(image).sum()),
        "corners": len(feature.corner_peaks(feature.corner_harris(image), min_distance=3)),
        "skeleton": int(morphology.skeletonize(image > 0.5).sum()),
        "water": int(segmentation.watershed(-image, labels, mask=image > 0).max()),
        "gray": list(color.rgb2lab(color.gray2rgb(rotated)).shape),
        "hist": len(exposure.histogram(image, nbins=8)[0]),
        "camera": int(data.camera().sum()),
        "cascade": lbp.endswith(".xml") and open(lbp).read(5),
        "files": out,
        "errors": [error, wrong],
    }
