"""anomalib's own PatchCore on the task of peer.py, with the same arguments. Prints one line of JSON.

    python anomalib_peer.py CATEGORY WEIGHTS SIZE VECTORS greedy SEED

Its coreset is chosen from all positions, by the share that gives VECTORS; needs anomalib, and what peer.py needs.
"""
import glob
import json
import os
import resource
import sys
import time

import numpy as np
import torch
from anomalib.models.image.patchcore.torch_model import PatchcoreModel
from PIL import Image
from sklearn.metrics import roc_auc_score

root, weights = sys.argv[1:3]
size, vectors = int(sys.argv[3]), int(sys.argv[4])
seed = int(sys.argv[6])
torch.set_num_threads(os.cpu_count())
torch.manual_seed(seed)

model = PatchcoreModel(layers=["layer2", "layer3"], backbone="resnet18", pre_trained=False)
network = model.feature_extractor.feature_extractor
missing = network.load_state_dict(torch.load(weights), strict=False).missing_keys
assert not missing, missing
mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def load(path):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((size, size), Image.BILINEAR)).copy()
    return (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - mean) / std


good = sorted(glob.glob(f"{root}/train/good/*"))
tests = sorted(glob.glob(f"{root}/test/*/*"))
images = torch.stack([load(path) for path in good])
tested = torch.stack([load(path) for path in tests])
labels = [0 if "/good/" in path else 1 for path in tests]

began = time.time()
model.train()
with torch.no_grad():
    for batch in images.split(16):
        model(batch)
    extracted = time.time()
    positions = sum(len(rows) for rows in model.embedding_store)
    model.subsample_embedding(vectors / positions)
built = time.time()
model.eval()
maps, scores = [], []
with torch.no_grad():
    for image in tested.split(1):
        found = model(image)
        maps.append(found.anomaly_map[0].reshape(size, size))
        scores.append(float(found.pred_score))
scored = time.time()
maps = torch.stack(maps)


def mask(path):
    if "/good/" in path:
        return np.zeros((size, size), bool)
    path = path.replace("/test/", "/ground_truth/").rsplit(".", 1)[0] + "_mask.png"
    return np.asarray(Image.open(path).convert("L").resize((size, size), Image.NEAREST)) > 127


truth = np.stack([mask(path) for path in tests])
print(json.dumps({
    "imageAuroc": roc_auc_score(labels, scores),
    "imageAurocOfMaxima": roc_auc_score(labels, maps.flatten(1).max(1)[0].numpy()),
    "pixelAuroc": roc_auc_score(truth.ravel(), maps.numpy().ravel()),
    "features": extracted - began,
    "coreset": built - extracted,
    "perImage": (scored - built) / len(tests),
    "vectors": len(model.memory_bank),
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
