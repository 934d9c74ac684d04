"""A service around the same detector in PyTorch: FastAPI, uvicorn, the weights of the folder that `ddad serve` is given.

    python peer.py DETECTOR PORT THREADS [WORKERS]

The method of the reference (a UNet, Algorithm 1 in DDIM form, resnet18's features of both images) or the first stage of the
preset `auto` (resnet18's features and their memory), by what the detector has. POST /detect takes the bytes of an image and
answers with the score; regions are left out, in the peer's favour.
"""
import io
import json
import math
import os
import sys

folder, port, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
workers = int(sys.argv[4]) if len(sys.argv) > 4 else 1
os.environ["OMP_NUM_THREADS"] = str(threads)
here = os.path.dirname(os.path.abspath(__file__))
sys.path += [here, os.path.join(here, "../torch-parity")]

import numpy as np
import torch
import torchvision
import uvicorn
from fastapi import FastAPI, Request
from PIL import Image
from safetensors.torch import load_file
from starlette.concurrency import run_in_threadpool
from torch.nn import functional as F
from unet import Weights, unet

torch.set_num_threads(threads)
manifest = json.load(open(f"{folder}/detector.json"))
config, calibration = manifest["config"], manifest["calibration"]
model, scoring, size = config["model"], config["scoring"], config["data"]["imageSize"]
read = lambda entry: load_file(f"{folder}/{entry['file']}") if entry else None

network = torchvision.models.resnet18()
network.load_state_dict(read(manifest["features"]), strict=False)
network.eval()
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
weights = Weights(read(manifest["unet"])) if manifest["unet"] else None
memory = read(manifest["memory"])

alpha_bar = torch.linspace(model["betaStart"], model["betaEnd"], model["steps"], dtype=torch.float64)
alpha_bar = torch.cumprod(1 - alpha_bar, 0).tolist()


def features(x):
    h = ((x + 1) / 2 - mean) / std
    h = network.maxpool(torch.relu(network.bn1(network.conv1(h))))
    one = network.layer1(h)
    two = network.layer2(one)
    return one, two, network.layer3(two)


def reconstruct(x):
    """Algorithm 1 of arXiv 2305.15956, the image its own target."""
    times = list(range(0, model["start"], model["skip"]))[::-1]
    start = alpha_bar[model["start"]]
    xt = math.sqrt(start) * x + math.sqrt(1 - start) * torch.randn_like(x)
    for index, t in enumerate(times):
        now, after = alpha_bar[t], alpha_bar[times[index + 1]] if index + 1 < len(times) else 1.0
        root, sigma = math.sqrt(now), math.sqrt(1 - now)
        e = unet(
            weights, xt, torch.tensor([t]), model["baseChannels"], model["heads"],
            model["channelMultipliers"], model["resBlocks"], model["attentionResolutions"],
        )
        e = e - sigma * model["w"] * (root * x + sigma * e - xt)
        x0 = (xt - sigma * e) / root
        c1 = model["eta"] * math.sqrt((1 - now / after) * (1 - after) / (1 - now))
        xt = math.sqrt(after) * x0 + c1 * torch.randn_like(x) + math.sqrt(max(0.0, 1 - after - c1 * c1)) * e
    return xt


def feature_distance(a, b):
    total = 0
    for one, other in zip(a[1:], b[1:]):
        pooled = [F.avg_pool2d(each, 3, 1, 1) for each in (one, other)]
        distance = 1 - F.cosine_similarity(*pooled)[:, None]
        total = total + F.interpolate(distance, size=(size, size), mode="bilinear", align_corners=True)
    return total


def memory_distance(found):
    fine, coarse = (F.avg_pool2d(layer, 3, 1, 1) for layer in found[1:])
    coarse = F.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=False)
    rows = torch.cat([fine, coarse], 1).permute(0, 2, 3, 1).reshape(-1, fine.shape[1] + coarse.shape[1])
    rows = rows - memory["mean"]
    if "projection" in memory:
        within = rows @ memory["projection"]
        outside = (rows.square().sum(1, keepdim=True) - within.square().sum(1, keepdim=True)).relu().sqrt()
        rows = torch.cat([within, outside], 1)
    nearest = torch.cdist(rows, memory["vectors"]).min(1)[0].view(1, 1, *fine.shape[-2:])
    return F.interpolate(nearest, size=(size, size), mode="bilinear", align_corners=False)


def blur(maps, sigma):
    radius = int(4 * sigma + 0.5)
    kernel = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    padded = F.pad(maps, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel), kernel.transpose(2, 3))


@torch.inference_mode()
def score(data):
    image = Image.open(io.BytesIO(data)).convert("RGB").resize((size, size), Image.BILINEAR)
    x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    found = features(x)
    if weights:
        repaired = reconstruct(x)
        pixel = (repaired - x).abs().mean(1, keepdim=True)
        distance = feature_distance(features(repaired), found) + model["v"] * calibration["ratio"] * pixel
    else:
        term = calibration["terms"]["memory"]
        distance = memory_distance(found) * (term["weight"] / term["scale"])
    return float(blur(distance, scoring["sigma"]).max())


app = FastAPI()


@app.post("/detect")
async def detect(request: Request):
    data = await request.body()
    value = await run_in_threadpool(score, data)
    threshold = manifest["threshold"]["value"]
    return {"score": value, "threshold": threshold, "anomalous": value >= threshold}


if __name__ == "__main__":
    target = app if workers == 1 else "peer:app"
    uvicorn.run(target, host="127.0.0.1", port=port, workers=workers, log_level="warning", access_log=False)
