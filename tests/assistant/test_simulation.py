"""Customers who want something and say it in their own words, in five languages: a sample, held at every test run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.cli import app
from madoguchi.faces.house import House
from madoguchi.rehearsal.customers import LANGUAGES, Crowd, CustomersError, Words, read_crowd
from madoguchi.rehearsal.shares import shares
from madoguchi.rehearsal.simulation import Verdict, converse, simulate
from madoguchi.rehearsal.stage import Stage

FOLDER = Path(__file__).parent / "customers"
SAMPLE = (
    "cancel_pan_only",
    "two_lamps",
    "exchange_jeans",
    "faulty_kettle",
    "reship_towels",
    "return_tea",
)


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return read_crowd(FOLDER)


def test_forty_customers_and_more_speak_five_languages(crowd: Crowd) -> None:
    assert len(crowd.customers) >= 40
    assert all(set(customer.words) == set(LANGUAGES) for customer in crowd.customers)


@pytest.mark.req("LNG-002", "BOT-011")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_of_customers_reaches_what_they_came_for(language: str, crowd: Crowd, stage: Stage) -> None:
    verdicts = simulate(crowd.only(*SAMPLE), stage, languages=[language], tries=2, seed="sample")
    (share,) = shares(verdicts)
    assert share.tries == 2 * len(SAMPLE)
    assert share.meets_goals, "\n".join(f"{v.customer}: {v.why}" for v in verdicts if not v.solved)


def test_a_deed_on_other_terms_than_wanted_is_not_confirmed(crowd: Crowd, house: House) -> None:
    (customer,) = crowd.only("return_shirt").customers
    other = customer.goal.model_copy(update={"request": {"reason": "late"}})
    verdict = converse(replace(customer, goal=other), crowd, house, "en")
    assert verdict.why == "was shown another proposal: reason does_not_fit"
    assert house.shop.order(customer.goal.order).returns == []


def test_a_refusal_is_not_what_somebody_came_for_who_wants_it_done(crowd: Crowd, house: House) -> None:
    (customer,) = crowd.only("cancel_too_late").customers
    done = customer.goal.model_copy(update={"deed": "cancel", "refused": "", "reasons": ()})
    verdict = converse(replace(customer, goal=done), crowd, house, "ja")
    assert not verdict.solved
    assert "no cancel done" in verdict.why


def test_what_is_asked_and_not_known_ends_unsolved(crowd: Crowd, house: House) -> None:
    (customer,) = crowd.only("exchange_shirt").customers
    vague = Words(openings=("I'd like to exchange my shirt for another size",) * 5)
    verdict = converse(
        replace(customer, knows={"order": customer.knows["order"]}, words={"en": vague}), crowd, house, "en"
    )
    assert not verdict.solved
    assert verdict.asked == "return_exchange_cancel.exchange_request:reason"


def test_the_same_seed_says_the_same(crowd: Crowd, stage: Stage) -> None:
    said = []
    for _ in range(2):
        (verdict,) = simulate(crowd.only("two_lamps"), stage, languages=["ko"], tries=1, seed="7")
        said.append([line for line in verdict.transcript if line.startswith(">")])
    assert said[0] == said[1]


def test_the_share_of_every_try_and_of_all_tries() -> None:
    verdicts = [
        Verdict("a", "en", 0, "", "", 1, ()),
        Verdict("a", "en", 1, "", "", 2, ()),
        Verdict("b", "en", 0, "", "", 1, ()),
        Verdict("b", "en", 1, "gave up", "order", 3, ()),
    ]
    (share,) = shares(verdicts)
    assert (share.once, share.first, share.always) == (0.75, 0.5, 0.5)
    assert not share.meets_goals


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[one]\nwho = 'C1001'\n", "one"),
        ("[one]\nwho = 'C1001'\nwants = ''\nkinds = []\ngoal = {}\nen.openings = ['only one']\n", "openings"),
        ("[one\n", "odd.toml"),
    ],
)
def test_a_customer_that_cannot_be_read_is_named(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    for language in LANGUAGES:
        (tmp_path / "answers" / f"{language}.toml").write_text("[say]\nyes = ['y']\n", "utf-8")
    (tmp_path / "odd.toml").write_text(text, "utf-8")
    with pytest.raises(CustomersError, match=why):
        read_crowd(tmp_path)


def test_the_command_ends_with_1_only_where_goals_are_asked_for(tmp_path: Path, crowd: Crowd) -> None:
    folder = tmp_path / "customers"
    (folder / "answers").mkdir(parents=True)
    for path in (FOLDER / "answers").glob("*.toml"):
        (folder / "answers" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    wish = (FOLDER / "cancelling.toml").read_text("utf-8").partition("\n[cancel_pan_only]")[0]
    (folder / "one.toml").write_text(wish.replace('deed = "cancel"', 'deed = "return"'), "utf-8")
    asked = ["dev", "rehearse", str(folder), "--language", "en", "--tries", "1"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    found = CliRunner().invoke(app, [*asked, "--goals", "--json"])
    assert found.exit_code == 1
    assert '"meets_goals": false' in found.output
