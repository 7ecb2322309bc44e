"""What a test does when the machine lacks something: say so; where all must run (CI=true) that is a failure."""

import os
from typing import NoReturn

import pytest


def cannot_run(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"could not run: {why}", pytrace=False)
    pytest.skip(why)
