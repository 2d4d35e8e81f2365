"""A limit for tests whose input would make a careless program work for minutes."""

from __future__ import annotations

import pytest

#: Far above what these tests take on a busy machine, far below what their input costs where the
#: work grows with its square. How fast things are is measured in `bench/`, never here.
ends_soon = pytest.mark.timeout(20)
