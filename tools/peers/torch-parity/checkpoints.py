"""The half of checkpoints.mjs that runs in PyTorch.

checkpoints.py make <folder>   random checkpoints of torch.save, inputs and outputs of the networks
checkpoints.py check <folder>  loads what was written over there, strictly, and compares outputs
"""
import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch
import torchvision

import files
from unet import Weights, unet

torch.manual_seed(1)
what, folder = sys.argv[1], Path(sys.argv[2])
generator = torch.Generator().manual_seed(7)
resnets = ["resnet18", "resnet34", "resnet50", "resnet101", "wide_resnet50_2", "wide_resnet101_2"]
unets = {
    "unet32": dict(size=32, base=32, heads=2),
    "unet64": dict(size=64, base=64, heads=4),
    "unet128": dict(size=128, base=32, heads=2),
}


def resnet(name):
    """torchvision's, with running statistics and gains that are not all 0 and 1."""
    model = getattr(torchvision.models, name)(weights=None)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.uniform_(0.8, 1.2, generator=generator)
                module.bias.uniform_(-0.1, 0.1, generator=generator)
                module.running_mean.uniform_(-0.2, 0.2, generator=generator)
                module.running_var.uniform_(0.5, 1.5, generator=generator)
    return model.eval()


def layers(model, x):
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)
    h = ((x + 1) / 2 - mean) / std
    h = model.maxpool(torch.relu(model.bn1(model.conv1(h))))
    out = []
    for stage in (model.layer1, model.layer2, model.layer3):
        h = stage(h)
        out.append(h)
    return out


def save(name, state):
    """Four ways in which such files come."""
    modern = dict(_use_new_zipfile_serialization=True)
    prefixed = OrderedDict((f"module.{key}", value) for key, value in state.items())
    torch.save(state, folder / f"{name}.zip.pth", **modern)
    torch.save(state, folder / f"{name}.legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(prefixed, folder / f"{name}.module", **modern)
    half = OrderedDict((k, v.half() if v.is_floating_point() else v) for k, v in state.items())
    torch.save(half, folder / f"{name}.half.pth", **modern)
    return OrderedDict((k, v.float() if v.is_floating_point() else v) for k, v in half.items())


@torch.no_grad()
def make():
    for name, options in unets.items():
        size = options["size"]
        x = torch.empty(2, 3, size, size).uniform_(-1, 1, generator=generator)
        t = torch.tensor([3, 611])
        weights = Weights(generator=generator)
        run = lambda state: unet(Weights(state), x, t, options["base"], options["heads"])
        unet(weights, x, t, options["base"], options["heads"])
        rounded = save(name, OrderedDict(weights.tensors))
        files.write(folder / f"{name}.out", {"x": x, "y": run(weights.tensors), "half.y": run(rounded)})
    x = torch.empty(2, 3, 64, 64).uniform_(-1, 1, generator=generator)
    for name in resnets:
        model = resnet(name)
        rounded = save(name, model.state_dict())
        out = {"x": x, **{f"y{i}": y for i, y in enumerate(layers(model, x))}}
        model.load_state_dict(rounded)
        out.update({f"half.y{i}": y for i, y in enumerate(layers(model, x))})
        files.write(folder / f"{name}.out", out)


@torch.no_grad()
def check():
    errors = {}
    for name, options in unets.items():
        there = files.read(folder / f"{name}.out")
        state = torch.load(folder / f"{name}.ours.pth")
        # strictly: every name asked for is there, and no other
        state = {key[len("module.") :]: value for key, value in state.items()}
        weights = Weights(dict(state))
        y = unet(weights, there["x"], torch.tensor([3, 611]), options["base"], options["heads"])
        assert set(weights.tensors) == set(torch.load(folder / f"{name}.zip.pth")), name
        errors[name] = ((y - there["y"]).abs().max() / there["y"].abs().max()).item()
    for name in resnets:
        there = files.read(folder / f"{name}.out")
        model = torch.nn.DataParallel(getattr(torchvision.models, name)(weights=None))
        model.load_state_dict(torch.load(folder / f"{name}.ours.pth"), strict=True)
        ys = layers(model.module.eval(), there["x"])
        errors[name] = max(
            ((y - there[f"y{i}"]).abs().max() / there[f"y{i}"].abs().max()).item() for i, y in enumerate(ys)
        )
    print(json.dumps(errors))


{"make": make, "check": check}[what]()
