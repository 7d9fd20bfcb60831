"""`madoguchi dev requirements`, the catalogue file it reads, and the plugin that refuses unknown ids."""

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner, Result

from madoguchi.cli.dev import app
from madoguchi.cli.dev.marks import read_claims
from madoguchi.requirements import group_of, load_catalogue

pytest_plugins = ["pytester"]

GROUP_SIZES = {
    "CH": 59, "BOT": 34, "HND": 16, "QUE": 16, "CB": 10, "CASE": 19, "HIS": 11, "ORD": 19,
    "PAY": 19, "RET": 21, "ACC": 22, "PHI": 22, "PRM": 12, "BIZ": 14, "SEL": 9, "LNG": 9,
    "A11Y": 6, "HLP": 18, "PRIV": 7, "QLT": 10, "SLA": 15, "ADV": 20, "TECH": 9, "CMP": 3,
}  # fmt: skip

# Every way a mark can reach a test, and every way it can stand there without proving anything.
ALL_WAYS = """
    import sys
    import pytest
    from pytest import mark

    NIGHT = pytest.mark.req("QUE-001")
    ORDERS = [
        pytest.param(1, marks=pytest.mark.req("ORD-001")),
        pytest.param(2, marks=[pytest.mark.req("ORD-002"), pytest.mark.skip]),
        pytest.param(3, marks=(pytest.mark.req("ORD-003"), pytest.mark.filterwarnings("ignore"))),
    ]
    pytestmark = [mark.req("BOT-001")]

    @pytest.mark.req("RET-005", "RET-006")
    def test_two_ids(): pass

    @mark.req("RET-001")
    async def test_async(): pass

    @NIGHT
    def test_named_mark(): pass

    @pytest.mark.parametrize("order", ORDERS)
    def test_named_params(order): pass

    @pytest.mark.parametrize("order", [pytest.param(1, marks=pytest.mark.req("ORD-004"))])
    def test_params(order): pass

    if sys.version_info > (3, 0):
        @pytest.mark.req("RET-002")
        def test_under_a_condition(): pass

    @pytest.mark.skip(reason="not yet")
    @pytest.mark.req("RET-007")
    def test_skipped(): pass

    @pytest.mark.req("RET-008")
    @pytest.mark.xfail
    def test_expected_to_fail(): pass

    @pytest.mark.skipif(sys.version_info < (3, 0), reason="needs Python 3")
    @pytest.mark.req("RET-009")
    def test_skipped_elsewhere(): pass

    class Contract:
        pytestmark = pytest.mark.req("SEL-001")

        @pytest.mark.req("SEL-002")
        def test_inherited(self): pass

        @pytest.mark.req("SEL-003")
        def test_overridden(self): pass

    @pytest.mark.req("SEL-004")
    class TestSeller(Contract):
        def test_overridden(self): pass

        @pytest.mark.req("SEL-005")
        def helper(self): pass

        class TestInner:
            @pytest.mark.req("SEL-006")
            def test_inside(self): pass
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of Madoguchi whose tests prove two returns and one order requirement."""
    write(tmp_path / "pyproject.toml", '[project]\nname = "madoguchi"\n')
    write(
        tmp_path / "tests/orders/test_policy.py",
        """
        import pytest

        @pytest.mark.req("RET-002", "RET-001")
        def test_day_30_is_accepted(): pass

        class TestLabel:
            @pytest.mark.req("RET-002")
            def test_it_is_a_pdf(self): pass
        """,
    )
    write(
        tmp_path / "tests/test_orders.py",
        """
        import pytest
        pytestmark = pytest.mark.req("ORD-002")
        def test_orders_are_listed(): pass
        """,
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["requirements", *arguments])


def proved_by(result: Result) -> dict[str, list[str]]:
    assert result.exit_code == 0, result.stderr
    return {one["id"]: one["tests"] for one in json.loads(result.stdout)["requirements"] if one["tests"]}


def test_the_catalogue_has_its_400_requirements_group_by_group() -> None:
    catalogue = load_catalogue()
    groups = [group_of(known) for known in catalogue.titles]

    assert len(catalogue.titles) == 400
    assert {group: groups.count(group) for group in dict.fromkeys(groups)} == GROUP_SIZES
    assert list(catalogue.groups) == list(GROUP_SIZES) == list(dict.fromkeys(groups))
    assert groups == sorted(groups, key=list(GROUP_SIZES).index), "groups are not mixed"
    assert list(catalogue.titles) == sorted(catalogue.titles, key=lambda known: (groups_place(known), known))


def groups_place(known: str) -> int:
    return list(GROUP_SIZES).index(group_of(known))


@pytest.mark.parametrize(
    ("unknown", "meant"),
    [
        ("RET-05", "RET-005"),
        ("ret_5", "RET-005"),
        ("RET5", "RET-005"),
        ("RET-099", "RET-021"),
        ("CH-018", "CH-017"),
        ("CAES-003", "CASE-003"),
        ("A11-2", "A11Y-002"),
        ("RETURN", "RET-001"),
    ],
)
def test_the_nearest_id_is_the_one_a_person_would_guess(unknown: str, meant: str) -> None:
    assert load_catalogue().nearest(unknown) == meant


def test_titles_are_short_distinct_and_name_no_brand() -> None:
    titles = list(load_catalogue().titles.values())

    assert all(5 <= len(title) <= 70 and title == title.strip() for title in titles)
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if re.search(r"amazon|prime|asin|kindle|alexa", title, re.I)]


def test_json_lists_every_requirement_in_catalogue_order(checkout: Path) -> None:
    result = run("--json")
    document = json.loads(result.stdout)

    assert list(document) == ["requirements"]
    assert [(one["id"], one["title"]) for one in document["requirements"]] == list(
        load_catalogue().titles.items()
    )
    assert all(list(one) == ["id", "title", "tests"] for one in document["requirements"])
    assert proved_by(result) == {
        "ORD-002": ["tests/test_orders.py::test_orders_are_listed"],
        "RET-001": ["tests/orders/test_policy.py::test_day_30_is_accepted"],
        "RET-002": [
            "tests/orders/test_policy.py::test_day_30_is_accepted",
            "tests/orders/test_policy.py::TestLabel::test_it_is_a_pdf",
        ],
    }


def test_the_tests_are_found_from_any_folder_of_the_checkout(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "tests" / "orders")

    assert "tests/test_orders.py::test_orders_are_listed" in proved_by(run("--json"))["ORD-002"]


def test_the_table_counts_each_group_and_closes_with_the_total(checkout: Path) -> None:
    result = run()

    assert result.exit_code == 0
    assert re.search(r"RET\W+Returns, exchanges and cancellations\W+2\W+21\b", result.stdout)
    assert re.search(r"CMP\W+Comparison with others\W+0\W+3\b", result.stdout)
    assert result.stdout.splitlines()[-1] == "3 of 400 requirements proved by 3 tests"


def test_one_group_names_its_requirements_and_their_tests(checkout: Path) -> None:
    lines = run("--group", "ret").stdout.splitlines()

    at = next(place for place, line in enumerate(lines) if line.startswith("RET-002"))
    assert lines[at + 1].strip() == "tests/orders/test_policy.py::test_day_30_is_accepted"
    assert not [line for line in lines if line.startswith("ORD")]
    assert lines[-1] == "2 of 21 requirements proved by 2 tests"


def test_missing_lists_only_what_no_test_proves(checkout: Path) -> None:
    asked = run("--missing", "--group", "RET", "--json")
    ids = [one["id"] for one in json.loads(asked.stdout)["requirements"]]

    assert ids == [f"RET-{number:03}" for number in range(3, 22)]
    shown = run("--missing").stdout
    assert "RET-003" in shown
    assert "RET-002" not in shown
    assert shown.splitlines()[-1] == "3 of 400 requirements proved by 3 tests"


def test_an_unknown_group_is_refused_with_the_nearest(checkout: Path) -> None:
    result = run("--group", "RETT")

    assert result.exit_code == 2
    assert "the nearest is RET" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--group", "ORD"]], ids=" ".join)
def test_an_unknown_id_is_an_error_that_names_the_place_and_the_nearest_id(
    checkout: Path, arguments: list[str]
) -> None:
    write(
        checkout / "tests/test_wrong.py",
        """
        import pytest

        @pytest.mark.req("RET-001", "RET-05")
        def test_a(): pass

        @pytest.mark.skip
        @pytest.mark.req("ret-021")
        def test_b(): pass
        """,
    )
    result = run(*arguments)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "tests/test_wrong.py:4: no requirement 'RET-05'; the nearest is RET-005",
        "tests/test_wrong.py:8: no requirement 'ret-021'; the nearest is RET-021",
    ]


@pytest.mark.parametrize("arguments", ["RETURNS", "*RETURNS", "id='RET-001'", "", "5"])
def test_ids_that_cannot_be_read_from_the_source_are_refused(checkout: Path, arguments: str) -> None:
    source = f"import pytest\nRETURNS = ['RET-001']\n@pytest.mark.req({arguments})\ndef test_a(): pass\n"
    write(checkout / "tests/test_wrong.py", source)
    result = run()

    assert result.exit_code == 1
    assert result.stderr.startswith("tests/test_wrong.py:3: a req mark takes ids as plain strings")


def test_a_mark_over_no_test_is_told_and_not_counted(checkout: Path) -> None:
    source = 'import pytest\n\n@pytest.mark.req("RET-011")\ndef label(): pass\n'
    write(checkout / "tests/test_labels.py", source)
    result = run("--json")

    assert "RET-011" not in proved_by(result)
    assert result.stderr.startswith("tests/test_labels.py:3: RET-011 is claimed here, but not for a test")


def test_a_file_that_is_not_python_is_named(checkout: Path) -> None:
    write(checkout / "tests/test_broken.py", "import pytest\n@pytest.mark.req('RET-001')\ndef test_a(:\n")
    result = run()

    assert result.exit_code == 1
    assert result.stderr.startswith("tests/test_broken.py:3: not Python: ")


def test_outside_a_checkout_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "pyproject.toml", '[project]\nname = "another"\n')
    write(tmp_path / "tests/test_a.py", "def test_a(): pass\n")
    monkeypatch.chdir(tmp_path)
    result = run()

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "not inside a checkout of Madoguchi" in result.stderr
    assert "--tests PATH" in result.stderr


def test_tests_elsewhere_can_be_named(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'import pytest\n@pytest.mark.req("RET-001")\ndef test_a(): pass\n'
    file = write(tmp_path / "checks/test_a.py", source)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert proved_by(run("--json", "--tests", str(file.parent))) == {"RET-001": ["checks/test_a.py::test_a"]}
    assert proved_by(run("--json", "--tests", str(file))) == {"RET-001": ["test_a.py::test_a"]}
    refused = run("--tests", str(tmp_path / "nowhere"))
    assert refused.exit_code == 1
    assert "no such folder or file" in refused.stderr


def test_reading_the_sources_agrees_with_what_pytest_collects(pytester: pytest.Pytester) -> None:
    file = write(pytester.path / "tests/test_all_ways.py", ALL_WAYS)
    items, _ = pytester.inline_genitems(file)
    collected: set[tuple[str, str]] = set()
    for item in items:
        if not any(item.iter_markers("skip")) and not any(item.iter_markers("xfail")):
            test = item.nodeid.partition("[")[0]
            collected |= {(one, test) for mark in item.iter_markers("req") for one in mark.args}

    read = {(claim.id, test) for claim in read_claims(file, pytester.path) for test in claim.tests}

    assert ("SEL-002", "tests/test_all_ways.py::TestSeller::test_inherited") in read
    assert ("ORD-003", "tests/test_all_ways.py::test_named_params") in read
    assert {one for one, _ in read}.isdisjoint({"ORD-002", "RET-007", "RET-008", "SEL-003", "SEL-005"})
    assert read == collected


def test_the_plugin_fails_the_collection_of_a_file_with_an_unknown_id(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_class="""
        import pytest

        class TestReturns:
            @pytest.mark.req("RET-001", "RET-05")
            def test_a(self): pass
        """,
        test_wrong="""
        import pytest

        @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.req("CH-018"))])
        def test_b(n): pass

        @pytest.mark.req()
        def test_c(): pass
        """,
        test_right='import pytest\n\n@pytest.mark.req("RET-001")\ndef test_d(): pass\n',
    )
    result = pytester.runpytest_inprocess("-p", "tests.plugins.requirements")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines_random(
        [
            "test_class.py:4: test_a: no requirement 'RET-05'; the nearest is RET-005",
            "test_wrong.py:3: test_b?1?: no requirement 'CH-018'; the nearest is CH-017",
            "test_wrong.py:6: test_c: a req mark takes ids as plain strings*",
        ]
    )
    result.assert_outcomes(errors=2)


def test_the_plugin_lets_known_ids_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile('import pytest\n\n@pytest.mark.req("RET-001")\ndef test_a(): pass\n')

    pytester.runpytest_inprocess("-p", "tests.plugins.requirements").assert_outcomes(passed=1)


def test_a_transcript_claims_what_its_req_line_says(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "assistant" / "transcripts"
    folder.mkdir(parents=True)
    (folder / "ja_cancel.txt").write_text("# Cancel\nreq: BOT-003 RET-016\nwho: C1001\n", "utf-8")
    claims = read_claims(tmp_path / "tests", tmp_path)
    name = "tests/assistant/transcripts/ja_cancel.txt"
    assert [(claim.id, claim.place, claim.tests) for claim in claims] == [
        ("BOT-003", f"{name}:2", (name,)),
        ("RET-016", f"{name}:2", (name,)),
    ]
