"""Trees out of trouble: nobody is left standing in one, and a shop brings its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.assistant.troubleshooting import ENDS, TreeError, load, read

GOOD = """
for = "device"
name = { ja = "ランプ", en = "Lamp" }
named_by = "らんぷ|lamp"
start = "plug"

[step.plug]
say = { ja = "差してください。", en = "Plug it in." }
tried = { ja = "電源", en = "Power" }
answers = [
  { ja = "直った", en = "Works", to = "solved" },
  { ja = "直らない", en = "No", to = "bulb" },
]

[step.bulb]
say = { ja = "電球を替えてください。", en = "Change the bulb." }
tried = { ja = "電球", en = "Bulb" }
answers = [
  { ja = "直った", en = "Works", to = "solved" },
  { ja = "直らない", en = "No", to = "person" },
]
"""


def tree_in(folder: Path, text: str) -> Path:
    path = folder / "lamp.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.req("PRM-006")
def test_every_shipped_tree_loads_and_serves_a_device_or_service() -> None:
    trees = load()
    assert {tree.serves for tree in trees.values()} == {"device", "service"}
    assert {"video", "ebook", "music", "audiobook"} <= trees.keys()


@pytest.mark.parametrize("kind", sorted(load()))
def test_every_way_through_a_tree_ends(kind: str) -> None:
    tree = load()[kind]

    def walk(at: str, deep: int) -> None:
        assert deep <= len(tree.step)
        if at not in ENDS:
            for answer in tree.step[at].answers:
                walk(answer.to, deep + 1)

    walk(tree.start, 0)


@pytest.mark.req("PRM-006")
def test_a_shop_adds_its_own_and_replaces_ours(tmp_path: Path) -> None:
    tree_in(tmp_path, GOOD)
    (tmp_path / "video.toml").write_text(GOOD, "utf-8")
    trees = load(tmp_path)
    assert trees["lamp"].name["en"] == "Lamp"
    assert trees["video"].name["en"] == "Lamp"
    assert load(tmp_path / "nowhere").keys() == load().keys()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('to = "bulb"', 'to = "blub"', r"lamp\.toml: step plug: 'blub' is neither a step nor an end"),
        ('to = "bulb"', 'to = "person"', "step bulb: nothing leads here"),
        ('to = "person"', 'to = "plug"', "circle: plug → bulb → plug"),
        ('to = "person"', 'to = "solved"', "nothing leads to a person"),
        ('start = "plug"', 'start = "cable"', "there is no step 'cable'"),
        ('tried = { ja = "電球", en = "Bulb" }', 'tried = { ja = "電球" }', "needed in en"),
        ('named_by = "らんぷ|lamp"', 'named_by = "("', "is no pattern"),
        ('for = "device"', 'for = "car"', "for: "),
        ("[step.bulb]", "[step.bulb", "lamp.toml"),
        ('en = "Works", to', 'en = "", to', "at least 1 character"),
    ],
)
def test_what_would_leave_a_customer_standing_is_refused_by_name(
    before: str, after: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(TreeError, match=why):
        read(tree_in(tmp_path, GOOD.replace(before, after)))
