"""Saved replies at the console: agents keep their own, supervisors the team's; a preview with a real case."""

from __future__ import annotations

from madoguchi.counter.saved_replies.shipped import shipped
from tests.faces.pages.conftest import Counter, Staff, Visitor


def test_an_agent_writes_one_and_is_told_what_is_wrong(counter: Counter, staff: Staff) -> None:
    agent = staff("agent")
    agent.get("/console/replies/reply")
    assert 'name="shared"' not in agent.text
    agent.send("/reply", name_ja="在庫の確認", shortcut="stock", text_ja="{custmer}、確認します。")
    assert agent.answer.status_code == 422
    assert "{custmer}" in agent.text and "{customer}" in agent.text and "確認します" in agent.text
    agent.send("/reply", name_ja="在庫の確認", shortcut="stock", text_ja="{customer}、確認します。")
    assert agent.answer.status_code == 200 and "在庫の確認" in agent.text and "自分だけ" in agent.text
    assert "在庫の確認" not in staff("supervisor").get("/console/replies")
    assert "在庫の確認" in agent.get("/console/replies?search=STOCK")
    assert "在庫の確認" not in agent.get("/console/replies?search=ヘンキン")
    assert "返金の時期" in agent.text  # found by its kana


def test_a_supervisor_changes_what_ships_and_an_agent_only_reads_it(counter: Counter, staff: Staff) -> None:
    assert "スーパーバイザー" in staff("agent").get("/console/replies/reply?id=photo")
    lead = staff("supervisor")
    lead.get("/console/replies/reply?id=photo")
    texts = {f"text_{language}": text for language, text in shipped()["photo"].texts.items()}
    lead.send("/reply", **{**texts, "text_ja": "写真を2枚お送りください。"})
    assert lead.answer.status_code == 200
    assert "翻訳が古い" in lead.text
    lead.get("/console/replies/reply?id=photo")
    assert "日本語の文面が変わりました" in lead.text


def test_a_preview_fills_in_the_facts_of_a_case(counter: Counter, staff: Staff, misaki: Visitor) -> None:
    lead = staff("supervisor")
    lead.get("/console/replies/reply?id=greeting&case=C-0")
    assert "該当するケースがありません" in lead.text
