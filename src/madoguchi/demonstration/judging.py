"""What staff noted about conversations afterwards: reviews by the supervisor, of which one was read, and labels."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts import queries
from madoguchi.counter.inbox import labels
from madoguchi.counter.quality import reviews
from madoguchi.demonstration.stage import Scene

# Talk, whose work, days ago, marks by criterion, words. The first one has been read.
_REVIEWS: tuple[tuple[str, str, int, dict[str, int], str], ...] = (
    (
        "misaki_kettle_size",
        "ito",
        40,
        {"kindness": 5, "exactness": 5, "solution": 5, "effort": 5, "calm": 5},
        "寸法をすぐに示し、一度で解決できています。",
    ),
    (
        "misaki_shirt",
        "kato",
        20,
        {"kindness": 5, "exactness": 4, "solution": 4, "effort": 3, "calm": 5},
        "在庫の確認が早く、案内も丁寧です。返送の手順まで先に伝えると、さらに良くなります。",
    ),
    (
        "yui_missing",
        "kato",
        3,
        {"kindness": 4, "exactness": 4, "solution": 3, "effort": 4, "calm": 4},
        "調査の流れをよく説明できています。次の連絡の時刻も約束しましょう。",
    ),
)
_LABELS = (
    ("yui_missing", "配送会社に確認中"),
    ("yui_missing", "要フォロー"),
    ("sakura_charged", "二重請求"),
    ("naoki_seller", "出品者対応"),
    ("daisuke_refund", "要フォロー"),
)


def judge(scene: Scene, cases: Mapping[str, Case]) -> None:
    mori = scene.staff("mori")
    for place, (talk, login, days, marks, words) in enumerate(_REVIEWS):
        scene.go_to(days, 17)
        whose = scene.staff(login)
        card = reviews.review(scene.tx, _contact(scene, cases[talk]), whose.id, marks, words, mori)
        if place == 0:
            scene.later(hours=18)
            reviews.seen(scene.tx, card.id, whose)
    scene.go_to(1, 17)
    for talk, label in _LABELS:
        labels.put(scene.tx, _contact(scene, cases[talk]), label, scene.staff("kato"))


def _contact(scene: Scene, case: Case) -> str:
    return queries.of_case(scene.tx, case.id)[0].id
