# SPDX-License-Identifier: Apache-2.0
"""The oracles' own Python: a virtual environment under build/ with requirements.txt in it."""
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[1] / "build" / "oracle-venv"


def make():
    """Makes the environment unless it stands already with these very requirements."""
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    stamp = PLACE / "requirements.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"making {PLACE}", file=sys.stderr)
    venv.EnvBuilder(with_pip=True, clear=True).create(PLACE)
    subprocess.run([PLACE / "bin" / "python", "-m", "pip", "install", "--quiet",
                    "--disable-pip-version-check", "-r", HERE / "requirements.txt"], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def enter():
    """Goes on in the environment: the same script again, with its Python."""
    if Path(sys.prefix).resolve() == PLACE.resolve():
        return
    try:
        make()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"the oracle's packages cannot be installed from PyPI: {error}")
    python = PLACE / "bin" / "python"
    os.execv(python, [str(python), *sys.argv])
