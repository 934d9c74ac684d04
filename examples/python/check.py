"""Runs the test vectors of a bundle: what the detector found where it was exported, to 1e-4 of the score.

Usage: python check.py detector.ddad
"""
import json
import sys
import zipfile

import numpy as np
import onnxruntime

from ddad_noise import image_noise


def read_safetensors(data):
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    types = {"U8": np.uint8, "F32": np.float32}
    return {
        name: np.frombuffer(data[8 + size :][slice(*each["data_offsets"])], types[each["dtype"]]).reshape(each["shape"])
        for name, each in header.items()
    }


with zipfile.ZipFile(sys.argv[1]) as bundle:
    session = onnxruntime.InferenceSession(bundle.read("detector.onnx"))
    vectors = read_safetensors(bundle.read("test-vectors.safetensors"))
worst = 0.0
for run, image in enumerate(vectors["image"]):
    feeds = {"image": image}
    if "noise" in vectors:
        feeds["noise"] = vectors["noise"][run]
        assert np.abs(image_noise(image, feeds["noise"].shape) - feeds["noise"]).max() < 1e-6, "another noise"
    score, anomaly_map = session.run(["score", "map"], feeds)
    differences = np.abs(score - vectors["score"][run]).max(), np.abs(anomaly_map - vectors["map"][run]).max()
    worst = max(worst, *(each / vectors["score"][run].max() for each in differences))
assert worst < 1e-4, f"differs by {worst} of the score"
print(f"{len(vectors['image'])} test vectors: equal to {worst:.1e} of the score, map included")
