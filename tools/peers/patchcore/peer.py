"""PatchCore (arXiv 2106.08265) in PyTorch: resnet18's layer2 and layer3, 3x3 pooling, a random or greedy coreset, nearest
neighbours, maps resized and blurred. Prints one line of JSON.

    python peer.py CATEGORY WEIGHTS SIZE VECTORS random|greedy SEED

CATEGORY has train/good, test/*, ground_truth/* as MVTec AD; needs torch, torchvision, pillow, numpy, scikit-learn.
"""
import glob
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image
from sklearn.metrics import roc_auc_score

root, weights = sys.argv[1:3]
size, vectors = int(sys.argv[3]), int(sys.argv[4])
method, seed = sys.argv[5], int(sys.argv[6])
torch.set_num_threads(os.cpu_count())
torch.manual_seed(seed)

network = torchvision.models.resnet18()
network.load_state_dict(torch.load(weights), strict=False)
network.eval()
mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def load(path):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((size, size), Image.BILINEAR)).copy()
    return (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - mean) / std


@torch.no_grad()
def features(batch):
    x = network.maxpool(network.relu(network.bn1(network.conv1(batch))))
    two = network.layer2(network.layer1(x))
    fine, coarse = (F.avg_pool2d(layer, 3, 1, 1) for layer in (two, network.layer3(two)))
    coarse = F.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=False)
    return torch.cat([fine, coarse], 1)


def rows(maps):
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])


def greedy(points, count):
    projected = points @ (torch.randn(points.shape[1], 128) / 128**0.5)
    chosen = [0]
    nearest = torch.cdist(projected, projected[:1])[:, 0]
    while len(chosen) < count:
        chosen.append(int(nearest.argmax()))
        nearest = torch.minimum(nearest, torch.cdist(projected, projected[chosen[-1]][None])[:, 0])
    return torch.tensor(chosen)


good = sorted(glob.glob(f"{root}/train/good/*"))
tests = sorted(glob.glob(f"{root}/test/*/*"))
images = torch.stack([load(path) for path in good])
tested = torch.stack([load(path) for path in tests])
labels = [0 if "/good/" in path else 1 for path in tests]

began = time.time()
bank = torch.cat([rows(features(batch)) for batch in images.split(16)])
extracted = time.time()
if method == "random":
    bank = bank[torch.randperm(len(bank))[:vectors]]
else:
    candidates = bank[torch.randperm(len(bank))[:50_000]]
    bank = candidates[greedy(candidates, vectors)]
built = time.time()
maps = []
for image in tested.split(1):
    found = features(image)
    side = found.shape[-1]
    distance = torch.cdist(rows(found), bank).min(1)[0].view(1, 1, side, side)
    distance = F.interpolate(distance, size=(size, size), mode="bilinear", align_corners=False)
    maps.append(torchvision.transforms.functional.gaussian_blur(distance, 33, 4.0)[0, 0])
scored = time.time()
maps = torch.stack(maps)


def mask(path):
    if "/good/" in path:
        return np.zeros((size, size), bool)
    path = path.replace("/test/", "/ground_truth/").rsplit(".", 1)[0] + "_mask.png"
    return np.asarray(Image.open(path).convert("L").resize((size, size), Image.NEAREST)) > 127


truth = np.stack([mask(path) for path in tests])
print(json.dumps({
    "imageAuroc": roc_auc_score(labels, maps.flatten(1).max(1)[0].numpy()),
    "pixelAuroc": roc_auc_score(truth.ravel(), maps.numpy().ravel()),
    "features": extracted - began,
    "coreset": built - extracted,
    "perImage": (scored - built) / len(tests),
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
