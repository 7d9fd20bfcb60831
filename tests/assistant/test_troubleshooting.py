"""Trees out of trouble: nobody is left standing in one, and a shop brings its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from madoguchi.assistant.answers import says
from madoguchi.assistant.troubleshooting import ENDS, TreeError, load, read
from madoguchi.kit.languages import NAMES
from madoguchi.kit.text import fold

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
def test_every_shipped_tree_speaks_all_five_languages(kind: str) -> None:
    tree = load()[kind]
    given = [tree.name, tree.setup, *(step.say for step in tree.step.values())]
    given += [step.tried for step in tree.step.values()]
    given += [answer.words for step in tree.step.values() for answer in step.answers if answer.words]
    for words in given:
        assert words.keys() == NAMES.keys()
        assert all(words.values())
    assert len({len(lines) for lines in tree.setup.values()}) == 1


ANSWERS = {
    "worked": (
        "直りました 使えるようになりました it works now|working again|that did it|fixed, thanks|好了|能用了|"
        "可以播放了|有画面了|恢復正常了|有反應了|没问题了|됐어요|해결됐어요|이제 나와요|잘 작동해요|켜졌어요"
    ),
    "not yet": (
        "直りません|まだだめです|同じです|変わりませんでした|still the same|not working|didn't help|no luck|nothing changed|"
        "还是不行|没有反应|一样|没用|还是打不开|沒有反應|還是不行|沒有改善|不行|안 돼요|여전히 안 됩니다|똑같아요|변화가 없어요|못 하겠어요"
    ),
}


@pytest.mark.parametrize("meaning", ANSWERS)
def test_the_usual_answers_are_told_apart_in_all_languages(meaning: str) -> None:
    for words in re.split(r"\|| (?=使える)", ANSWERS[meaning]):
        heard = [name for name in ("works_again", "not_yet") if says(f"trouble.{name}").search(fold(words))]
        assert heard == ["works_again" if meaning == "worked" else "not_yet"], words


@pytest.mark.parametrize("kind", sorted(load()))
def test_no_two_trees_are_named_alike(kind: str) -> None:
    """Somebody who says the name of a thing is asked no more which one it is."""
    trees = load()
    for name in trees[kind].name.values():
        named = [each for each, tree in trees.items() if re.search(tree.named_by, fold(name))]
        assert named == [kind], name


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
        (
            '{ ja = "直った", en = "Works", to',
            '{ ja = "直った", to',
            "an answer's words are needed in ja and en",
        ),
        ('tried = { ja = "電球"', 'usual = "kick"\ntried = { ja = "電球"', "'kick' is no usual measure"),
        ('en = "Works", to', 'en = "", to', "at least 1 character"),
    ],
)
def test_what_would_leave_a_customer_standing_is_refused_by_name(
    before: str, after: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(TreeError, match=why):
        read(tree_in(tmp_path, GOOD.replace(before, after)))
