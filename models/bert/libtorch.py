#!/usr/bin/env python3
"""Sets up libtorch for the feature `bert`: the CPU part of PyTorch's own wheels from the Python package index, in target/libtorch.

usage: models/bert/libtorch.py [DIR]

With another DIR, set LIBTORCH to it when you build.

Why not a download from pytorch.org: the package index is mirrored where that site is out of reach, and pip checks what it fetches. The wheel for x86-64 is
built for CUDA, so its CUDA parts (two thirds of it) are left out, and an empty library takes the place of libtorch.so, which only ties both parts together.
It fetches 812 MB, keeps 530, and needs pip, a C compiler and 64-bit Linux on x86. What is there and whole is left as it is; a directory that it did not
make is never touched.
Elsewhere, or for CUDA: unpack a libtorch of the same version from pytorch.org, and set LIBTORCH to it and LIBTORCH_CXX11_ABI to 1.
"""
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.4.0"
WHEELS = [f"torch=={VERSION}", "nvidia-cuda-cupti-cu12==12.1.105", "nvidia-cuda-runtime-cu12==12.1.105"]
# What libtorch_cpu.so needs, by the wheel's own links, and the headers.
KEPT = (
    "torch/include/",
    "torch/lib/libc10.so",
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libgomp-",
    "nvidia/cuda_cupti/lib/libcupti.so.12",
    "nvidia/cuda_runtime/lib/libcudart.so.12",
)
# torch-sys looks at the first, this script at the second.
VERSION_FILE, STAMP = "build-version", "made-by-libtorch-py"


def place(name):
    """Where a file of a wheel goes."""
    if name.startswith("torch/include/"):
        return Path(name.removeprefix("torch/"))
    return Path("lib", Path(name).name)


def unpack(wheel, to):
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith(KEPT) and not entry.is_dir():
                path = to / place(entry.filename)
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, open(path, "wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)


def stop(reason):
    sys.exit(f"libtorch.py: {reason}")


def main():
    root = Path(__file__).resolve().parents[2]
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "target" / "libtorch"
    stamp = target / STAMP
    made = stamp.read_text().strip() if stamp.exists() else None
    if made == VERSION and (target / "lib" / "libtorch_cpu.so").exists():
        print(f"libtorch {VERSION} is in {target}")
        return
    if made is None and (target.is_symlink() or target.is_file() or target.is_dir() and any(target.iterdir())):
        stop(f"{target} is there and was not made by this script: move it away, or name another directory")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        stop("this sets up libtorch for Linux on x86-64 alone; elsewhere unpack one from pytorch.org and set LIBTORCH and LIBTORCH_CXX11_ABI=1")
    if importlib.util.find_spec("pip") is None:
        stop("this Python has no pip (Debian: apt-get install python3-pip)")
    compiler = shlex.split(os.environ.get("CC", "")) or [shutil.which("cc") or shutil.which("gcc") or stop("there is no C compiler (Debian: apt-get install g++)")]
    target.parent.mkdir(parents=True, exist_ok=True)
    # What a run that was killed left behind.
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as work:
        work = Path(work)
        wheels, new = work / "wheels", work / "libtorch"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps", "--only-binary=:all:"]
        pip += ["--python-version", "311", "--implementation", "cp", "--platform", "manylinux1_x86_64", "--dest", str(wheels)]
        # Temporary directories are often too small for a wheel of 797 MB.
        if subprocess.run(pip + WHEELS, env={**os.environ, "TMPDIR": str(work)}).returncode != 0:
            stop("pip could not fetch the wheels (above); behind a proxy or with a mirror, set it as for pip: PIP_INDEX_URL, HTTPS_PROXY")
        for wheel in sorted(wheels.iterdir()):
            unpack(wheel, new)
            wheel.unlink()
        lib = new / "lib"
        # So that this OpenMP and no second one is linked.
        (lib / "libgomp.so").symlink_to(next(lib.glob("libgomp-*")).name)
        link = [*compiler, "-shared", "-x", "c", "/dev/null", "-o", str(lib / "libtorch.so"), "-Wl,-soname,libtorch.so", "-Wl,-rpath,$ORIGIN"]
        link += ["-Wl,--no-as-needed", f"-L{lib}", f"-Wl,-rpath-link,{lib}", "-ltorch_cpu", "-lc10"]
        if subprocess.run(link).returncode != 0:
            stop("the C compiler could not link libtorch.so (above)")
        for name in (VERSION_FILE, STAMP):
            (new / name).write_text(VERSION + "\n")
        if target.exists():
            shutil.rmtree(target)
        new.rename(target)
    print(f"libtorch {VERSION} is now in {target}")


if __name__ == "__main__":
    main()
