"""Writes packages/weights/fixtures: small files of torch.save and what torch itself reads from them.

Needs torch >= 2.3 and safetensors: python tools/torch-fixtures/make.py
"""
import math
import os
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

out = Path(__file__).resolve().parents[2] / "packages" / "weights" / "fixtures"


def save(name, state, value=None, formats=("zip", "legacy"), **options):
    """`name`-zip.pth and `name`-legacy.pth hold `value`; `name`.safetensors holds the state dict in it."""
    plain = {key: tensor.detach().clone().contiguous() for key, tensor in state.items()}
    save_file(plain, out / f"{name}.safetensors", metadata={"torch": torch.__version__})
    for form in formats:
        zipped = {"_use_new_zipfile_serialization": form == "zip"}
        torch.save(state if value is None else value, out / f"{name}-{form}.pth", **zipped, **options)


class Hostile:
    def __reduce__(self):
        return (os.system, ("touch executed",))


torch.manual_seed(0)
out.mkdir(exist_ok=True)

halves = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 6.1e-5, 1 / 3, math.inf, -math.inf, math.nan])
types = OrderedDict(
    f64=torch.tensor([math.pi, -1e300], dtype=torch.float64),
    f32=torch.randn(2, 3),
    f16=halves.half(),
    bf16=halves.bfloat16(),
    i64=torch.tensor([2**53 + 1, -(2**63), 7]),
    i32=torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    i16=torch.tensor([-32768, 32767], dtype=torch.int16),
    i8=torch.tensor([-128, 127], dtype=torch.int8),
    u8=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False, True]),
    scalar=torch.tensor(4.25),
    empty=torch.zeros(0, 3),
)
save("types", types)

recent = OrderedDict(
    u16=torch.tensor([0, 65535], dtype=torch.uint16),
    u32=torch.tensor([1, 2**32 - 1], dtype=torch.uint32),
    e4m3=torch.tensor([0.0, -1.125, 448.0, 2**-9, math.nan]).to(torch.float8_e4m3fn),
    e5m2=torch.tensor([0.0, -1.25, 57344.0, 2**-16, math.inf, math.nan]).to(torch.float8_e5m2),
)
save("recent", recent, formats=["zip"])

base = torch.arange(24, dtype=torch.float32)
table = base.reshape(4, 6)
views = OrderedDict(
    whole=table, transposed=table.t(), row=table[2], columns=table[:, 1:5:2],
    permuted=base.reshape(2, 3, 4).permute(2, 0, 1), expanded=table[1:2, :3].expand(3, 3), tied=table,
)  # fmt: skip
save("views", views)

model = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
parallel = nn.DataParallel(model)
save("module", parallel.state_dict())
save("parameters-protocol4", dict(model.named_parameters()), formats=["zip"], pickle_protocol=4)

optimizer = torch.optim.Adam(model.parameters())
model(torch.randn(2, 3, 3, 3)).sum().backward()
optimizer.step()
checkpoint = {
    "epoch": 3, "best": 0.5, "args": {"lr": 1e-3, "name": "x", "none": None, "big": 2**70, "sizes": (1, [2, {3}])},
    "state_dict": model.state_dict(), "optimizer": optimizer.state_dict(),
}  # fmt: skip
save("checkpoint", model.state_dict(), checkpoint)

for name, options in ("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False}):
    torch.save({"weight": torch.zeros(1), "x": Hostile()}, out / f"refused-reduce-{name}.pth", **options)
    torch.save(nn.Linear(2, 1), out / f"refused-module-{name}.pth", **options)
torch.jit.script(nn.Linear(2, 1)).save(str(out / "refused-torchscript.pth"))
print(f"torch {torch.__version__}", file=sys.stderr)
