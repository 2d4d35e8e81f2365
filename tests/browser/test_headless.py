"""A browser that no longer answers costs a test nothing but time."""

from __future__ import annotations

import os
import signal

import pytest

from tests.chromium import Headless


def test_a_browser_that_does_not_close_is_ended_and_another_one_started(headless: Headless) -> None:
    first = headless.browser
    context = first.new_context()
    page = context.new_page()
    os.kill(headless.process, signal.SIGSTOP)
    with pytest.warns(UserWarning, match="did not close"):
        headless.close(context, patience=0.5)
    assert page.is_closed()
    assert not first.is_connected()
    assert headless.browser.new_context().new_page().evaluate("1 + 1") == 2
