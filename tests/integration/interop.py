# SPDX-License-Identifier: Apache-2.0
"""What the tests with others' software share."""

import os
import shutil

from support import ROOT, skip

INTEROP = os.path.join(ROOT, "tests", "interop")


def need_packages(package, folder="."):
    """Skips the test where Node or the npm packages of a folder in tests/interop are missing."""
    installed = os.path.join(INTEROP, folder, "node_modules", package)
    if shutil.which("node") is None or not os.path.isdir(installed):
        skip(f"node or the npm package {package} is missing: run scripts/setup")
