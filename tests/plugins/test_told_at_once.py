"""A failure is named with its reason before the next test ends, also where workers run the tests."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TWO_TESTS = """
def test_breaks():
    raise ValueError("the kettle is empty\\nand cold")

def test_holds():
    pass
"""


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_a_failure_is_named_when_it_happens(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    pytester.makepyfile(test_tea=TWO_TESTS)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))

    result = pytester.runpytest_subprocess("-v", "-p", "tests.plugins.told_at_once", *workers)

    lines = [line for line in result.outlines if "test_tea" in line]
    told = next(n for n, line in enumerate(lines) if line.startswith("FAILED test_tea.py::test_breaks (call"))
    assert lines[told].endswith("ValueError: the kettle is empty | and cold <- test_tea.py:2")
    assert any("test_holds" in line and "PASSED" in line for line in lines[told:])
    assert not any(line.startswith("FAILED") and "test_holds" in line for line in lines)
