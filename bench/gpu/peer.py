"""One row of bench/gpu/run.mjs in PyTorch: `peer.py DEVICE PRECISION CASE THREADS`, CASE as JSON; prints a JSON line."""
import json
import pathlib
import resource
import sys
import time

import torch

here = pathlib.Path(__file__).parent
sys.path[:0] = [str(here), str(here.parent / "engine")]
from models import UNet  # noqa: E402

device, precision, case, threads = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
if threads:
    torch.set_num_threads(threads)
torch.manual_seed(0)
torch.set_default_device(device)
torch.backends.cudnn.benchmark = True
torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
batch, size = case["batch"], case["size"]
model = UNet(size, case["channels"], case["heads"]).to(device)
x, t = torch.rand(batch, 3, size, size) * 2 - 1, torch.full((batch,), 250.0)


def forward():
    with torch.no_grad():
        return model(x, t).sum().item()


noise = torch.randn(batch, 3, size, size)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, weight_decay=0.05)


def train():
    optimizer.zero_grad()
    loss = (noise - model(0.8 * x + 0.6 * noise, t)).square().sum(dim=(1, 2, 3)).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


step = {"forward": forward, "train": train}[case["kind"]]
model.train(case["kind"] == "train")


def clock():
    began = time.perf_counter()
    step()
    if device == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - began) * 1000


first = clock()
for _ in range(2):
    clock()
times, until = [], time.perf_counter() + case["seconds"]
while len(times) < case["repeats"] and (not times or time.perf_counter() < until):
    times.append(clock())
times.sort()
peak = torch.cuda.max_memory_allocated() / 2**20 if device == "cuda" else None
result = {"ms": times[len(times) // 2], "minMs": times[0], "runs": len(times), "firstMs": first}
result["peakMiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({**result, "deviceMiB": peak, "torch": torch.__version__}))
