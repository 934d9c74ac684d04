"""Checks that torch loads what writeTorch and writeSafetensors write, and finds the same tensors.

Needs torch and safetensors, and the built package: python tools/torch-fixtures/load.py
"""
import subprocess
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file

root = Path(__file__).resolve().parents[2]
fixtures = root / "packages" / "weights" / "fixtures"
script = """
import { readFileSync, writeFileSync } from 'node:fs';
import { readSafetensors, writeSafetensors, writeTorch } from '@ddad/weights';
const [source, out] = process.argv.slice(1);
const stateDict = readSafetensors(readFileSync(source), { keepHalf: true });
writeFileSync(`${out}.pth`, writeTorch(stateDict));
writeFileSync(`${out}.safetensors`, writeSafetensors(stateDict));
"""

with tempfile.TemporaryDirectory() as folder:
    for name in "types", "views", "module", "checkpoint":
        source = fixtures / f"{name}.safetensors"
        out = Path(folder) / name
        command = ["node", "--input-type=module", "-e", script, str(source), str(out)]
        subprocess.run(command, cwd=root / "packages" / "weights", check=True)
        expected = load_file(source)
        for loaded in (
            torch.load(f"{out}.pth", weights_only=True),
            torch.load(f"{out}.pth", weights_only=False),
            load_file(f"{out}.safetensors"),
        ):
            assert loaded.keys() == expected.keys(), name
            for key, tensor in expected.items():
                assert loaded[key].dtype == tensor.dtype, (name, key)
                torch.testing.assert_close(loaded[key], tensor, rtol=0, atol=0, equal_nan=True)
        print(f"{name}: {len(expected)} tensors equal")
    model = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, bias=False), torch.nn.BatchNorm2d(4), torch.nn.Flatten(), torch.nn.Linear(4, 2)
    )
    print(torch.nn.DataParallel(model).load_state_dict(torch.load(Path(folder) / "module.pth"), strict=True))
