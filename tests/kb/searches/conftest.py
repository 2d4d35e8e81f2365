from __future__ import annotations

import pytest

from tests.kb.searches.visitors import Watch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock of the test; it stands until it is moved."""
    return Watch(monkeypatch)
