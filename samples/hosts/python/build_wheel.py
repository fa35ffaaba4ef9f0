# SPDX-License-Identifier: Apache-2.0
"""The build backend (PEP 517): cmake makes the plugin, the C compiler the module, this file the wheel.

Needs nothing from the network. `pip install . --config-settings KEY=VALUE` knows
  library=PATH     pack this libquern.so instead of building one
  build-dir=PATH   keep cmake's build folder there
The variables CC, CFLAGS and LDFLAGS are heeded for the module.
"""
import base64
import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
# In the repository, or in a source distribution, which carries what it needs of it.
ROOT = HERE / "source" if (HERE / "source").is_dir() else HERE.parents[2]
CARRIED = ("CMakeLists.txt", "LICENSE", "NOTICE", "plugin.toml", "include", "plugin",
           "samples/hosts/common")
COMMON = ("plugin_load", "library_check", "text", "toml*", "file_read", "heap", "pool")
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
NAME = f"{PROJECT['name']}-{PROJECT['version']}"


def run(*command):
    print("+", shlex.join(map(str, command)), file=sys.stderr)
    subprocess.run(list(map(str, command)), check=True, stdout=sys.stderr)


def build_plugin(folder):
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    run("cmake", "-S", ROOT, "-B", folder, *generator, "-DCMAKE_BUILD_TYPE=RelWithDebInfo")
    run("cmake", "--build", folder, "--target", "quern", "--parallel", os.cpu_count() or 1)
    return folder / "lib" / "libquern.so"


def build_module(folder):
    output = folder / ("_core" + sysconfig.get_config_var("EXT_SUFFIX"))
    hosts = ROOT / "samples" / "hosts"
    sources = sorted((HERE / "core").glob("*.c"))
    for name in COMMON:
        sources += sorted((hosts / "common").glob(name + ".c"))
    run(*shlex.split(os.environ.get("CC", "cc")), "-std=gnu17", "-O2", "-g", "-Wall", "-Wextra",
        "-fPIC", "-shared", "-fvisibility=hidden", *shlex.split(os.environ.get("CFLAGS", "")),
        "-isystem", sysconfig.get_path("include"), "-I", ROOT / "include", "-I", hosts,
        *sources, "-o", output, "-ldl", "-lpthread", *shlex.split(os.environ.get("LDFLAGS", "")))
    return output


def metadata():
    lines = ["Metadata-Version: 2.1", f"Name: {PROJECT['name']}", f"Version: {PROJECT['version']}",
             f"Summary: {PROJECT['description']}", "License: Apache-2.0",
             f"Requires-Python: {PROJECT['requires-python']}",
             "Description-Content-Type: text/markdown"]
    for extra, needs in PROJECT["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {need}; extra == "{extra}"' for need in needs]
    return "\n".join(lines) + "\n\n" + (HERE / PROJECT["readme"]).read_text()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    settings = config_settings or {}
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    tag = f"{python}-{python}-{platform}"
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        library = (pathlib.Path(settings["library"]) if "library" in settings else
                   build_plugin(pathlib.Path(settings.get("build-dir", scratch / "plugin"))))
        module = build_module(scratch)
        files = {f"quern/{path.name}": path.read_bytes()
                 for path in sorted((HERE / "quern").iterdir()) if path.suffix in (".py", ".pyi")
                 or path.name == "py.typed"}
        files["quern/" + module.name] = module.read_bytes()
        files["quern/libquern.so"] = library.read_bytes()
        files["quern/plugin.toml"] = (ROOT / "plugin.toml").read_bytes()
        info = NAME + ".dist-info/"
        files[info + "METADATA"] = metadata().encode()
        files[info + "WHEEL"] = ("Wheel-Version: 1.0\nGenerator: quern build_wheel\n"
                                 f"Root-Is-Purelib: false\nTag: {tag}\n").encode()
        for name in ("LICENSE", "NOTICE"):
            files[info + name] = (ROOT / name).read_bytes()
        return write_wheel(pathlib.Path(wheel_directory), f"{NAME}-{tag}.whl", files, info)


def write_wheel(directory, name, files, info):
    record = ""
    with zipfile.ZipFile(directory / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(data)}\n"
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if ".so" in path else 0o644) << 16
            wheel.writestr(entry, data)
        wheel.writestr(info + "RECORD", record + f"{info}RECORD,,\n")
    return name


def build_sdist(sdist_directory, config_settings=None):
    def no_caches(entry):
        return None if "__pycache__" in entry.name else entry
    with tarfile.open(pathlib.Path(sdist_directory) / (NAME + ".tar.gz"), "w:gz") as archive:
        for path in ("pyproject.toml", "build_wheel.py", "README.md", "core", "quern"):
            archive.add(HERE / path, f"{NAME}/{path}", filter=no_caches)
        for path in CARRIED:
            archive.add(ROOT / path, f"{NAME}/source/{path}", filter=no_caches)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as info:
            info.write(metadata())
            info.flush()
            archive.add(info.name, f"{NAME}/PKG-INFO")
    return NAME + ".tar.gz"
