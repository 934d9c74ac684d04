"""Compares @ddad/datasets' resize with Pillow's on random images and sizes, and JPEG files decoded and resized.

    pip install 'pillow<13' numpy
    npm run build -w @ddad/datasets && python tools/peers/resize-vs-pillow/resize-vs-pillow.py [cases]

Pillow 13 takes the vertical pass first for many tall images and is then off by 1. Exits 1 if a resize differs at all, or a
JPEG after decoding and resizing by more than 2.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import PIL
from PIL import Image

here = pathlib.Path(__file__).parent
cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200
random = numpy.random.default_rng(0)
METHODS = {"bilinear": Image.Resampling.BILINEAR, "nearest": Image.Resampling.NEAREST}

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    plan = []
    for i in range(cases):
        height, width, out_height, out_width = (int(v) for v in random.integers(1, 500, 4))
        channels = int(random.choice([1, 3]))
        pixels = random.integers(0, 256, (height, width, channels), dtype=numpy.uint8)
        if i % 2:  # smooth images too: noise averages out in large reductions
            y, x = numpy.mgrid[0:height, 0:width]
            wave = 127.5 + 127.5 * numpy.sin(x / 7 + y / (3 + i)) * numpy.cos(y / 5)
            pixels = numpy.repeat(wave[..., None].round().astype(numpy.uint8), channels, 2)
        (folder / f"{i}.in").write_bytes(pixels.tobytes())
        image = Image.fromarray(pixels if channels == 3 else pixels[..., 0])
        for method, code in METHODS.items():
            expected = numpy.asarray(image.resize((out_width, out_height), code))
            (folder / f"{i}.{method}").write_bytes(expected.tobytes())
        if i % 4 == 3:
            quality, subsampling = int(random.integers(30, 96)), int(random.integers(0, 3))
            progressive = bool(random.integers(0, 2))
            image.save(folder / f"{i}.jpg", quality=quality, subsampling=subsampling, progressive=progressive)
            with Image.open(folder / f"{i}.jpg") as jpeg:
                resized = jpeg.convert("RGB").resize((out_width, out_height), Image.Resampling.BILINEAR)
            (folder / f"{i}.jpeg").write_bytes(numpy.asarray(resized).tobytes())
        plan.append(dict(height=height, width=width, channels=channels, size=[out_height, out_width]))
    (folder / "plan.json").write_text(json.dumps(plan))
    print(f"Pillow {PIL.__version__}: {cases} images, bilinear and nearest")
    sys.exit(subprocess.run(["node", str(here / "compare.mjs"), str(folder)]).returncode)
