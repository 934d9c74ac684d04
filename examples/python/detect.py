"""Judges pictures with a detector from `ddad export --bundle detector.ddad --with-onnx`.

Usage: python detect.py detector.ddad picture.png...      (pip install onnxruntime numpy pillow)
"""
import json
import sys
import zipfile

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from ddad_noise import image_noise

with zipfile.ZipFile(sys.argv[1]) as bundle:
    manifest = json.loads(bundle.read("detector.json"))
    session = onnxruntime.InferenceSession(bundle.read("detector.onnx"))
(height, width), threshold = manifest["transforms"]["size"], manifest["threshold"]["value"]
inputs = {each.name: each.shape for each in session.get_inputs()}
mode = "RGB" if inputs["image"][3] == 3 else "L"
for path in sys.argv[2:]:
    picture = ImageOps.exif_transpose(Image.open(path)).convert(mode)  # transforms.fit: stretch
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    feeds = {"image": np.asarray(resized, np.uint8).reshape(inputs["image"])}
    if "noise" in inputs:
        feeds["noise"] = image_noise(feeds["image"], inputs["noise"])
    score, anomaly_map = session.run(["score", "map"], feeds)
    verdict = "anomalous" if score[0] >= threshold else "good"
    print(json.dumps({"path": path, "verdict": verdict, "score": float(score[0]), "peak": float(anomaly_map.max())}))
