"""What lies before editors: a draft that waits for its review, searches that found nothing, and why articles did not help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from madoguchi.counter.knowledge import drafts, service, signals
from madoguchi.counter.knowledge.draft_model import Reason
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.model import Article
from madoguchi.demonstration.stage import Scene
from madoguchi.engine.settings import Settings

_SEARCHES = (
    (2, "ja", "のし紙 名入れ", 3),
    (5, "ja", "着物 クリーニング", 2),
    (3, "en", "carbon offset delivery", 2),
    (1, "ja", "法事 香典返し まとめ買い", 1),
)
_REASONS: tuple[tuple[str, str, Reason, str], ...] = (
    ("refund-times", "ja", "other_question", "クレジットカードの締め日との関係が知りたい"),
    ("refund-times", "ja", "unclear", ""),
    ("delivery-delay", "ja", "did_not_work", "手順どおりにしても追跡できませんでした"),
    ("return-how", "en", "unclear", "Which label do I print?"),
)


def articles_of(library: Library) -> dict[str, Article]:
    """The articles that readers and editors speak of."""
    return {article_id: library.editable(article_id) for article_id, *_ in _REASONS}


def edit(scene: Scene, articles: Mapping[str, Article], settings: Settings) -> None:
    keep = timedelta(days=settings.knowledge.keep_days)
    for days, language, words, readers in _SEARCHES:
        scene.go_to(days, 12)
        for reader in range(readers):
            signals.searched_in_vain(scene.tx, language, words, f"demo/{reader}", keep)
    for place, (article_id, language, reason, words) in enumerate(_REASONS):
        scene.go_to(6 - place, 10)
        version = articles[article_id].texts[language].number
        signals.did_not_help(scene.tx, article_id, language, version, reason, words, keep)
        service.vote(scene.tx, article_id, language, helped=False)
    for article_id in ("refund-times", "delivery-delay", "delivery-delay", "return-how"):
        service.vote(scene.tx, article_id, "ja", helped=True)
    _draft(scene, articles["refund-times"])


def _draft(scene: Scene, article: Article) -> None:
    """Written by an agent after what readers said, sent to whoever approves."""
    scene.go_to(1, 16)
    ito = scene.staff("ito")
    begun = drafts.begin(scene.tx, article, ito)
    text = article.texts["ja"]
    more = "\n\n## カードの締め日との関係\n\nカード会社の締め日の後に届いた返金は、次の月の明細に載ります。"
    wanted = replace(article, texts={**article.texts, "ja": replace(text, body=text.body.rstrip() + more)})
    saved = drafts.save(scene.tx, wanted, begun.revision, ito)
    drafts.send(scene.tx, article.id, saved.revision, ito)
