"""What customers told us without being asked: feedback that is new, in somebody's hands, and dealt with."""

from __future__ import annotations

from madoguchi.counter.surveys import feedback
from madoguchi.demonstration.stage import Scene


def speak(scene: Scene) -> None:
    mori = scene.staff("mori")
    scene.go_to(18, 21)
    done = feedback.give(
        scene.tx,
        scene.customer("C1001"),
        kind="suggestion",
        text="お届け予定日を、注文一覧にも出してほしいです。",
        language="ja",
    )
    scene.later(days=2)
    feedback.take(scene.tx, done.id, mori)
    scene.later(days=3)
    feedback.finish(
        scene.tx, done.id, "注文一覧に予定日を表示するよう、サイト担当に依頼し、反映された。", mori
    )
    scene.go_to(4, 20)
    in_work = feedback.give(
        scene.tx,
        scene.customer("C1011"),
        kind="complaint",
        text="出品者からの返事を待つ間、何も連絡がなく不安でした。途中経過を知らせてください。",
        language="ja",
        wants_answer=True,
    )
    scene.later(hours=14)
    feedback.take(scene.tx, in_work.id, mori)
    scene.go_to(1, 19)
    feedback.give(
        scene.tx,
        scene.customer("C1012"),
        kind="praise",
        text="伊藤さんの対応がとても丁寧でした。ありがとうございました。",
        language="ja",
    )
    scene.later(minutes=40)
    feedback.give(
        scene.tx,
        scene.customer("C1002"),
        kind="suggestion",
        text="Please let me choose a delivery window in English on my phone as well.",
        language="en",
    )
