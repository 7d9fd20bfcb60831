"""What the form decides without a database: its message and its parts, addresses, advertisements, what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.form import addresses, composing, spam
from madoguchi.channels.form.model import Draft
from madoguchi.channels.form.needs import COMPLAINTS, completeness
from madoguchi.counter.cases import at_hand
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.problems import Invalid
from madoguchi.engine.keys import Keys
from madoguchi.kit.languages import NAMES

LINE = (
    st.text(
        st.characters(exclude_categories=["C", "Z"]) | st.just(" ") | st.sampled_from("：:"),
        min_size=1,
        max_size=40,
    )
    .map(str.strip)
    .filter(bool)
)
LINES = st.lists(LINE, min_size=1, max_size=4).map("\n".join)
SLOTS = st.dictionaries(
    st.sampled_from(sorted(set(at_hand.LABELS) - {"photo", "order_id"})), LINE, max_size=4
)


@pytest.mark.req("ADV-007")
@given(st.sampled_from(sorted(NAMES)), LINES, SLOTS, LINES, st.sampled_from(["", *composing.WISHES]), LINES)
def test_three_boxes_become_one_message_and_the_message_its_three_parts(
    language: str, problem: str, facts: dict[str, str], course: str, wish: str, wish_words: str
) -> None:
    draft = Draft(
        kind="order_delivery.delivery_delay",
        order="503-0001001-0000001",
        values=facts,
        problem=problem,
        course=course,
        wish=wish,
        wish_words=wish_words,
    )
    found = composing.parts(composing.compose(draft, language), language)
    assert found.problem == problem
    assert found.wish == composing.wish_of(draft, language)
    assert {label: found.facts[label] for label in (at_hand.label(slot, language) for slot in facts)} == {
        at_hand.label(slot, language): value for slot, value in facts.items()
    }


@pytest.mark.req("ADV-006")
def test_the_template_has_four_labelled_lines() -> None:
    draft = Draft(
        order="503-0001001-0000001",
        values={"product_name": "Echo Dot"},
        problem="音が出ない",
        wish="exchange",
    )
    text = composing.compose(draft, "ja")
    lines = text.split("\n")
    assert [line.partition("：")[0] for line in lines] == ["お困りの内容", "注文番号", "商品", "希望"] or len(
        lines
    ) == 4
    assert all("：" in line for line in lines)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "a@b", "a b@example.jp", "a@example.jp,b@example.jp", '"x y"@example.jp', "a@exam ple.jp",
     "<a@example.jp>", "a@example.jp\nBcc: b@example.jp", ".a@example.jp", "a..b@example.jp", "a@-x.jp", "a@" + "x" * 250 + ".jp"],
)  # fmt: skip
@pytest.mark.req("CH-044")
def test_what_is_no_plain_address_is_not_written_to(typed: str) -> None:
    with pytest.raises(Invalid):
        addresses.checked(typed)


@pytest.mark.req("CH-044")
def test_one_mailbox_is_one_however_it_is_written(tmp_path: object) -> None:
    keys = Keys(tmp_path)  # type: ignore[arg-type]
    same = ["hanako@example.jp", "HANAKO@Example.JP", "hanako+1@example.jp", "hanako+a+b@example.jp"]
    assert len({addresses.mailbox_of(keys, addresses.checked(each)) for each in same}) == 1
    dots = ["ha.na.ko@gmail.com", "hanako@gmail.com", "hanako+x@googlemail.com"]
    assert len({addresses.mailbox_of(keys, each) for each in dots}) == 1
    assert addresses.mailbox_of(keys, "ha.nako@example.jp") != addresses.mailbox_of(keys, same[0])
    nets = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"]
    assert len({addresses.network_of(keys, each) for each in nets}) == 1
    assert addresses.network_of(keys, "::ffff:192.0.2.1") == addresses.network_of(keys, "192.0.2.1")
    assert addresses.network_of(keys, "192.0.2.1") != addresses.network_of(keys, "192.0.2.2")
    assert "192" not in addresses.network_of(keys, "192.0.2.1")


@pytest.mark.parametrize(
    ("text", "kind", "likely"),
    [
        ("届いた皿が割れていました。写真を付けます。", "", False),
        ("商品ページ https://shop.example/p/1 のこの商品の在庫はいつ入りますか。先週からずっと売り切れのままなので、次の入荷予定を知りたいです。色は青を希望しています。", "", False),
        ("SEO backlink service https://a.example", "", True),
        ("安い！ http://a.example http://b.example http://c.example", "", True),
        ("届いたSMSのリンク http://a.example http://b.example http://c.example は本物ですか", "phishing_impersonation.verify_message", False),
        ("貴社サイトを拝見し、集客を代行いたします", "", True),
    ],
)  # fmt: skip
@pytest.mark.req("CH-041")
def test_advertisements_are_known_and_enquiries_about_links_are_none(
    text: str, kind: str, likely: bool
) -> None:
    assert spam.is_likely(text, kind) is likely


@pytest.mark.req("CH-049")
@given(st.sampled_from(sorted(categories())), st.integers(0, 3), LINES)
def test_the_score_is_a_percentage_and_full_only_when_nothing_is_missing(
    kind: str, files: int, problem: str
) -> None:
    draft = Draft(kind=kind, problem=problem)
    found = completeness(draft, files)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (not found.missing)
    more = draft.model_copy(update={"wish": "refund", "no_order": True})
    assert completeness(more, files).percent >= found.percent


def test_complaints_are_categories() -> None:
    assert set(categories()) >= COMPLAINTS
