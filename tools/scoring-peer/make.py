"""Writes fixtures/scoring.safetensors: what torch, scipy and numpy make of the same distances and scores.

Needs torch, scipy and safetensors: python tools/scoring-peer/make.py
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from scipy import ndimage, stats

out = Path(__file__).resolve().parents[2] / "fixtures" / "scoring.safetensors"
rng = np.random.default_rng(7)


def uniform(*shape):
    return torch.tensor(rng.uniform(-1, 1, shape), dtype=torch.float32)


size = (24, 20)
tensors = {"x": uniform(2, 3, *size), "y": uniform(2, 3, *size)}
shapes = [(2, 4, 12, 10), (2, 6, 6, 5), (2, 8, 3, 3)]
for i, shape in enumerate(shapes):
    tensors[f"a{i}"] = uniform(*shape)
    tensors[f"b{i}"] = tensors[f"a{i}"] + 0.5 * uniform(*shape)
tensors["b1"][0, :, 0:4, 0:4] = 0  # features that vanish


def feature_distance(layers):
    total = torch.zeros(2, 1, *size)
    for i in layers:
        a, b = (F.avg_pool2d(tensors[f"{n}{i}"], 3, 1, 1) for n in "ab")
        distance = (1 - F.cosine_similarity(a, b)).unsqueeze(1)
        total += F.interpolate(distance, size=size, mode="bilinear", align_corners=True)
    return total


def blur(maps, sigma):
    blurred = [ndimage.gaussian_filter(m[0].double().numpy(), sigma, mode="mirror", truncate=4) for m in maps]
    return torch.tensor(np.stack(blurred)[:, None])


pixel = (tensors["x"] - tensors["y"]).abs().mean(1, keepdim=True)
feature = feature_distance([1, 2])
tensors |= {
    "pixel": pixel,
    "feature": feature,
    "feature_layer0": feature_distance([0]),
    "map_batch_v7": blur(feature + 7 * (feature.max() / pixel.max()) * pixel, 4),
    "map_ratio_sigma1.3": blur(feature + 2 * 0.8 * pixel, 1.3),
    "feature_blurred": blur(feature, 4),
}

p = np.array([1e-300, 1e-12, 1e-3, 0.01, 0.074, 0.076, 0.3, 0.5, 0.9, 0.925, 0.99, 0.999, 1 - 1e-9])
scores = rng.lognormal(-1, 0.4, 250)
maxima = rng.uniform(0.2, 1, (2, 250))
few = np.log(scores[:40])
tensors |= {
    name: torch.tensor(np.atleast_1d(value), dtype=torch.float64)
    for name, value in {
        "p": p,
        "ppf": stats.norm.ppf(p),
        "scores": scores,
        "pixel_maxima": maxima[0],
        "feature_maxima": maxima[1],
        "ratio_250": np.median(maxima[1] / maxima[0]),
        "ratio_39": np.median((maxima[1] / maxima[0])[:39]),
        "quantile_99": np.quantile(scores, 0.99),
        "quantile_95": np.quantile(scores, 0.95),
        "lognormal_40_99": np.exp(stats.norm.ppf(0.99, few.mean(), few.std(ddof=1))),
    }.items()
}
save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out)
