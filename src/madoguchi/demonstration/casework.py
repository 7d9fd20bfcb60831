"""What staff did with the cases of the past: escalated, merged and linked them, gave tasks, set dates, wrote down what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from madoguchi.counter.cases import follow_ups, holding, joining, links, memos, tasks, templates
from madoguchi.counter.cases.model import Case
from madoguchi.demonstration.stage import Scene


def work_on(scene: Scene, cases: Mapping[str, Case]) -> None:
    _charged_twice(scene, cases["sakura_charged"].id)
    _parcel_not_there(scene, cases["yui_missing"].id)
    _fraud(scene, cases["sho_fraud"].id, cases["sho_order"].id)
    _the_same_refund(scene, cases["ren_again"].id, cases["ren_return"].id)
    _two_of_one_seller(scene, cases["naoki_seller"].id, cases["naoki_cracked"].id)
    _bank_asked(scene, cases["daisuke_refund"].id)


def _charged_twice(scene: Scene, case_id: str) -> None:
    """Escalated to the supervisor, who asks another desk."""
    scene.go_to(3, 11)
    holding.escalate(
        scene.tx, case_id, "二重請求が5,000円を超えるため、判断をお願いします。", scene.staff("kato")
    )
    scene.later(hours=1)
    mori = scene.staff("mori")
    holding.give(scene.tx, case_id, mori, owner_id=mori.id)
    due = scene.present + timedelta(hours=5)
    tasks.add(scene.tx, case_id, "決済会社に二件目の取消しを依頼する", mori, queue="payments", due_at=due)


def _parcel_not_there(scene: Scene, case_id: str) -> None:
    """Looked at again today, whatever the carrier says."""
    scene.go_to(5, 18)
    kato = scene.staff("kato")
    customer = scene.customer("C1008")
    memos.add(
        scene.tx,
        case_id,
        scene.tx.now - timedelta(hours=6),
        "配達完了の通知を受け取った。不在票はない。",
        customer,
    )
    carrier = tasks.add(scene.tx, case_id, "運送会社に配達時の記録を問い合わせる", kato, queue="orders")
    scene.later(hours=16)
    tasks.move_on(scene.tx, carrier.id, "start", kato)
    at = scene.present + timedelta(hours=3)
    follow_ups.follow_up(scene.tx, case_id, at, kato, why="配達員への聞き取り結果を確認する")


def _fraud(scene: Scene, case_id: str, order_case_id: str) -> None:
    """The five steps for a victim, the first two of them done."""
    scene.go_to(1, 10, 20)
    mori = scene.staff("mori")
    steps = templates.begin(scene.tx, case_id, "victim", mori)
    links.link(scene.tx, case_id, order_case_id, "related", mori)
    for step, result in zip(
        steps,
        (
            "通話記録と確認メールを保存してもらった。",
            "パスワードを変更し、すべての端末からサインアウトした。",
        ),
        strict=False,
    ):
        scene.later(minutes=25)
        tasks.move_on(scene.tx, step.id, "finish", mori, result=result)
    memos.add(
        scene.tx,
        case_id,
        scene.tx.now - timedelta(days=1, hours=2),
        "銀行を名乗る電話。認証コードを聞かれた。",
        scene.customer("C1005"),
    )


def _the_same_refund(scene: Scene, again_id: str, first_id: str) -> None:
    scene.go_to(1, 13)
    joining.merge(scene.tx, again_id, first_id, scene.staff("kato"))


def _two_of_one_seller(scene: Scene, case_id: str, earlier_id: str) -> None:
    scene.go_to(6, 17)
    links.link(scene.tx, case_id, earlier_id, "related", scene.staff("mori"))


def _bank_asked(scene: Scene, case_id: str) -> None:
    scene.go_to(4, 13)
    at = scene.present + timedelta(days=2)
    follow_ups.follow_up(scene.tx, case_id, at, scene.staff("ito"), why="カード会社の回答を確認する")
