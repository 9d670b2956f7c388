# requires: pillow==12.2.0
# Formats found by name (plug-ins imported in a loop), a font, ImageCms, a filter, an unknown file.
import hashlib
import io

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps, UnidentifiedImageError, features


def handler(event, context):
    image = Image.new("RGB", (48, 32), "navy")
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, 40, 28), fill="#ffcc00")
    draw.text((6, 8), "slim", font=ImageFont.load_default(12), fill="black")
    image = ImageOps.autocontrast(image.filter(ImageFilter.GaussianBlur(1)))
    result = {}
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "ICO", "PPM", "TGA", "PDF", "JPEG2000", "SGI", "PCX"):
        out = io.BytesIO()
        image.save(out, kind)
        data = out.getvalue()
        if kind == "PDF":
            result[kind] = data[:5].decode()
            continue
        again = Image.open(io.BytesIO(data))
        again.load()
        result[kind] = [again.format, again.size, hashlib.sha256(again.convert("RGB").tobytes()).hexdigest()[:12]]
    try:
        Image.open(io.BytesIO(b"not an image at all"))
    except UnidentifiedImageError as error:
        result["error"] = type(error).__name__
    result["features"] = [name for name in ("webp", "freetype2", "littlecms2", "avif") if features.check(name)]
    return result
