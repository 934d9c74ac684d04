"""Lays out a TensorFlow wheel's C library and headers as the addon's build expects them in its deps folder.

    python3 lay-out.py WHEEL DEPS

WHEEL is a .whl file, or a folder that holds an unpacked one (such as site-packages).
"""
import os
import shutil
import sys
import zipfile
from pathlib import Path

LIBRARIES = {"libtensorflow_cc.so.2": "libtensorflow.so", "libtensorflow_framework.so.2": "libtensorflow_framework.so"}
HEADERS = tuple(
    f"tensorflow/include/{folder}/" for folder in ("tensorflow/c", "tensorflow/core/platform", "tsl", "xla/tsl")
)


def open_wheel(path):
    """The names in the wheel, and a function that opens one."""
    if path.is_dir():
        found = (Path(folder) / file for folder, _, files in os.walk(path / "tensorflow") for file in files)
        return [file.relative_to(path).as_posix() for file in found], lambda name: (path / name).open("rb")
    wheel = zipfile.ZipFile(path)
    return wheel.namelist(), wheel.open


def main(wheel, deps):
    names, open_member = open_wheel(wheel)
    missing = [f"tensorflow/{library}" for library in LIBRARIES if f"tensorflow/{library}" not in names]
    if missing:
        sys.exit(f"needs a Linux wheel of TensorFlow; {wheel} holds no {' and no '.join(missing)}")
    targets = {f"tensorflow/{library}": deps / "lib" / library for library in LIBRARIES}
    for name in names:
        if name.startswith(HEADERS) and name.endswith(".h"):
            targets[name] = deps / name.removeprefix("tensorflow/")
    for name, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_member(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 24)
    for library, linked in LIBRARIES.items():
        (deps / "lib" / linked).symlink_to(library)


try:
    main(Path(sys.argv[1]), Path(sys.argv[2]))
except (OSError, zipfile.BadZipFile) as error:
    sys.exit(f"cannot read {sys.argv[1]}: {error}")
