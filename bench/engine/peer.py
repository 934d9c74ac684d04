"""PyTorch's side of the benchmark: `peer.py CASE THREADS`. Reads a line, does a step, prints its milliseconds."""
import copy
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F

from models import UNet, features

case = json.loads(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)
batch, size = case["batch"], case["size"]


def unet():
    return UNet(size, case["channels"], case["heads"])


def images(n):
    return torch.rand(n, 3, size, size) * 2 - 1


def forward(model, *inputs):
    model.eval()

    def step():
        with torch.no_grad():
            model(*inputs)

    return step


def unet_training():
    model = unet().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, weight_decay=0.05)
    x, noise, t = images(batch), torch.randn(batch, 3, size, size), torch.full((batch,), 250.0)

    def step():
        optimizer.zero_grad()
        loss = (noise - model(0.8 * x + 0.6 * noise, t)).square().sum(dim=(1, 2, 3)).mean()
        loss.backward()
        optimizer.step()

    return step


def adaptation():
    model = features(case["network"]).train()
    frozen = copy.deepcopy(model).eval()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)
    r, y = images(batch // 2), images(batch // 2)

    def distance(a, b):
        return (1 - F.cosine_similarity(a.flatten(1), b.flatten(1))).mean()

    def step():
        optimizer.zero_grad()
        fr, fy = model(r), model(y)
        with torch.no_grad():
            gy, gr = frozen(y), frozen(r)
        loss = sum(
            distance(fr[i], fy[i]) + 0.1 * (distance(fy[i], gy[i]) + distance(fr[i], gr[i])) for i in range(len(fr))
        )
        loss.backward()
        optimizer.step()

    return step


step = {
    "unet": lambda: forward(unet(), images(batch), torch.full((batch,), 250.0)),
    "features": lambda: forward(features(case["network"]), images(batch)),
    "unet-train": unet_training,
    "adapt": adaptation,
}[case["kind"]]()
began = time.perf_counter()
step()
first = (time.perf_counter() - began) * 1000
print(json.dumps({"ready": f"torch {torch.__version__}", "firstMs": first}), flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    step()
    ms = (time.perf_counter() - began) * 1000
    print(json.dumps({"ms": ms, "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)
