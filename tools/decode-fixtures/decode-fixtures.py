"""Writes packages/datasets/fixtures/decode.json: small images of every kind and the RGB bytes that Pillow reads.

    pip install pillow numpy && python tools/decode-fixtures/decode-fixtures.py
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image, ImageOps

WIDTH, HEIGHT = 29, 19
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
smooth = numpy.stack([x * 8, y * 12, 128 + 100 * numpy.sin(x / 4 + y / 5)], 2).clip(0, 255).astype(numpy.uint8)
base = Image.fromarray(smooth)
gray16 = numpy.asarray(base.convert("L")).astype(numpy.uint16) * 250 + 17
fixtures = {}


def add(name, data):
    image = Image.open(io.BytesIO(data))
    if image.mode.startswith("I"):  # 16 bits: the high byte
        image = Image.fromarray((numpy.asarray(image).astype(int) >> 8).astype(numpy.uint8))
    else:
        image = ImageOps.exif_transpose(image)
    rgb = image.convert("RGB")
    fixtures[name] = dict(
        file=base64.b64encode(data).decode(),
        width=rgb.width,
        height=rgb.height,
        rgb=base64.b64encode(rgb.tobytes()).decode(),
    )


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, name.split(".")[-1].replace("jpg", "jpeg").replace("tif", "tiff"), **options)
    add(name, buffer.getvalue())


def adam7(name, pixels, depth, color_type):
    """An interlaced PNG, which Pillow reads but does not write; pixels [h, w, samples] of `depth` bits."""
    rows = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for row in pixels[y0::dy, x0::dx]:
            if row.size:
                bits = "".join(format(int(v), f"0{depth}b") for v in row.reshape(-1))
                bits += "0" * (-len(bits) % 8)
                rows += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color_type, 0, 0, 1)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    add(name, data)


for suffix in ("png", "bmp", "tif"):
    save(f"rgb.{suffix}", base)
    save(f"rgba.{suffix}", base.convert("RGBA"))
    save(f"gray.{suffix}", base.convert("L"))
    save(f"palette.{suffix}", base.quantize(200))
save("gray-alpha.png", base.convert("LA"))
for colors in (2, 4, 13):
    save(f"palette-{colors}.png", base.quantize(colors))
save("bits.png", base.convert("1"))
save("bits.bmp", base.convert("1"))
save("gray16.png", Image.fromarray(gray16))
save("gray16.tif", Image.fromarray(gray16))
save("lzw.tif", base, compression="tiff_lzw")
save("deflate.tif", base, compression="tiff_adobe_deflate")
adam7("interlaced.png", smooth, 8, 2)
adam7("interlaced-2bit.png", smooth[..., :1] >> 6, 2, 0)
adam7("interlaced-16bit.png", smooth.astype(int) * 257, 16, 2)
for name, options in dict(baseline={}, progressive=dict(progressive=True), full=dict(subsampling=0)).items():
    save(f"{name}.jpg", base, quality=92, **options)
save("cmyk.jpg", base.convert("CMYK"), quality=92)
save("gray.jpg", base.convert("L"), quality=92)


def turned(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return exif


for orientation in range(1, 9):
    save(f"orientation-{orientation}.jpg", base, quality=92, exif=turned(orientation))
save("orientation-6.png", base, exif=turned(6))

out = pathlib.Path(__file__).parents[2] / "packages/datasets/fixtures/decode.json"
out.write_text(json.dumps(fixtures, indent=0) + "\n")
print(f"{len(fixtures)} images, {out.stat().st_size} bytes")
