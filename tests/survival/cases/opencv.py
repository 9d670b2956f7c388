# requires: opencv-python-headless==4.12.0.88 numpy==2.2.6
# Encoding, contours, a cascade from its data directory.
import os

import cv2
import numpy as np


def handler(event, context):
    image = np.zeros((64, 64, 3), np.uint8)
    cv2.circle(image, (32, 32), 15, (0, 255, 255), -1)
    cv2.putText(image, "ok", (2, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255))
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    contours, _ = cv2.findContours(gray, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sizes = {}
    for extension in (".png", ".jpg", ".webp", ".tiff"):
        done, data = cv2.imencode(extension, image)
        back = cv2.imdecode(data, cv2.IMREAD_COLOR)
        sizes[extension] = [done, list(back.shape)]
    cascade = cv2.CascadeClassifier(os.path.join(cv2.data.haarcascades, "haarcascade_frontalface_default.xml"))
    try:
        cv2.cvtColor(np.zeros((2, 2), np.uint8), cv2.COLOR_BGR2GRAY)
        error = None
    except cv2.error as problem:
        error = problem.code
    return {
        "contours": len(contours),
        "sizes": sizes,
        "cascade": not cascade.empty(),
        "faces": len(cascade.detectMultiScale(gray)),
        "error": error,
    }
