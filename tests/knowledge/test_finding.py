"""People find the article that answers them, in their own words, and nothing where nothing answers them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.counter.knowledge.cutting import Synonyms, cut, weight
from madoguchi.counter.knowledge.evaluating import ask_all, quality, read_questions
from madoguchi.counter.knowledge.library import Library, Told
from madoguchi.counter.knowledge.model import Article, ArticleText, Asker
from madoguchi.counter.knowledge.search import Index
from madoguchi.counter.knowledge.spelling import Speller, kana_of

QUESTIONS = Path(__file__).parent / "questions"


def asked(name: str) -> Iterator[tuple[set[str], str]]:
    """Every question of a file with the articles that answer it."""
    for line in (QUESTIONS / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            ids, _, question = line.partition(": ")
            yield set(ids.split("|")), question


def look(library: Library, words: str, language: str) -> list[Told]:
    """As the search page does."""
    return library.search(words, Asker(language), limit=10, near=True)


def recall(library: Library, name: str, language: str, depth: int) -> float:
    hits = total = 0
    for wanted, question in asked(name):
        found = library.search(question, Asker(language), limit=depth)
        hits += not wanted.isdisjoint(each.id for each in found)
        total += 1
    return hits / total


@pytest.mark.req("HLP-002", "BOT-002", "BOT-020", "LNG-007")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant"])
def test_questions_in_peoples_own_words_find_their_article(shipped: Library, language: str) -> None:
    assert sum(1 for _ in asked(f"{language}.txt")) >= 150
    assert recall(shipped, f"{language}.txt", language, 1) >= 0.93
    assert recall(shipped, f"{language}.txt", language, 3) >= 0.95


@pytest.mark.parametrize(("language", "first", "in_three"), [("ja", 0.9, 0.97), ("en", 0.85, 0.92)])
def test_questions_written_later_find_their_article_too(
    shipped: Library, language: str, first: float, in_three: float
) -> None:
    assert recall(shipped, f"unseen_{language}.txt", language, 1) >= first
    assert recall(shipped, f"unseen_{language}.txt", language, 3) >= in_three


@pytest.mark.req("BOT-029")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant"])
def test_what_is_not_our_business_finds_nothing(shipped: Library, language: str) -> None:
    names = (f"outside_{language}.txt", f"outside_unseen_{language}.txt")
    lines = [line for name in names for line in (QUESTIONS / name).read_text("utf-8").splitlines()]
    assert len(lines) >= 50
    assert [line for line in lines if shipped.search(line, Asker(language))] == []


@pytest.mark.req("BOT-029")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant"])
def test_what_is_not_our_business_rarely_has_anything_near(shipped: Library, language: str) -> None:
    names = (f"outside_{language}.txt", f"outside_unseen_{language}.txt")
    lines = [line for name in names for line in (QUESTIONS / name).read_text("utf-8").splitlines()]
    assert sum(bool(shipped.search(line, Asker(language), near=True)) for line in lines) / len(lines) <= 0.2


@pytest.mark.req("HLP-002")
def test_short_and_mistyped_questions_find_their_article(shipped: Library) -> None:
    """Kana, romaji, half-width, slips of a finger, single words: what the search page shows."""
    questions = read_questions(QUESTIONS / "short.jsonl")
    assert len(questions) >= 100
    found = quality(list(ask_all(questions, lambda each: look(shipped, each.query, each.lang))))
    assert {language: each.recall_at_3 >= 0.95 for language, each in found.items()} == dict.fromkeys(
        found, True
    )


@pytest.mark.req("HLP-002")
@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_questions_written_later_have_their_article_near(shipped: Library, language: str) -> None:
    names = [f"unseen_{language}.txt", *(["long_ko.txt"] if language == "ko" else [])]
    rows = [row for name in names for row in asked(name)]
    hits = sum(
        not wanted.isdisjoint(each.id for each in look(shipped, words, language)[:3])
        for wanted, words in rows
    )
    assert hits / len(rows) >= 0.97


def test_a_question_for_which_nothing_answers_shows_what_is_near_as_not_sure(shipped: Library) -> None:
    words = "how long before the money for what I sent back turns up on my bank statement"
    assert shipped.search(words, Asker("en")) == []
    near = shipped.search(words, Asker("en"), near=True)
    assert "refund-times" in [each.id for each in near[:3]]
    assert not any(each.sure for each in near)


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("retrun", "return", ["return"]),
        ("refnd", "refund", ["refund"]),
        ("passwordd", "password", ["password"]),
        ("pasword", "password", ["password"]),
        ("retorm", "return", []),
        ("return", "return", []),
        ("ref", "reef", []),
        ("환뷸", "환불", ["환불"]),
        ("반품", "환불", []),
    ],
)
def test_a_word_one_slip_away_is_the_known_one(typed: str, known: str, meant: list[str]) -> None:
    assert Speller([known, "delivery"]).near(typed) == meant


@given(st.text("abcdefgh", min_size=5, max_size=9), st.data())
def test_every_single_slip_is_recognised(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("xyz"))
    for typed in (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
    ):
        assert Speller([word]).near(typed) == ([word] if typed != word and len(typed) >= 4 else [])


@pytest.mark.parametrize(
    ("letters", "kana"),
    [
        ("henpin", "へんぴん"),
        ("jusho", "じゅしょ"),
        ("kakunin", "かくにん"),
        ("kitte", "きって"),
        ("matcha", "まっちゃ"),
        ("zasshi", "ざっし"),
        ("return", ""),
        ("refund", ""),
        ("chumon", "ちゅもん"),
    ],
)
def test_romaji_becomes_kana(letters: str, kana: str) -> None:
    assert kana_of(letters) == kana


@pytest.mark.req("HLP-002")
@pytest.mark.parametrize(
    ("words", "language", "article_id"),
    [
        ("返品", "ja", "return-how"),
        ("ヘンピン", "ja", "return-how"),
        ("ﾍﾝﾋﾟﾝ", "ja", "return-how"),
        ("返金 いつ", "ja", "refund-times"),
        ("交換", "ja", "exchange"),
        ("領収書", "ja", "receipt"),
        ("return", "en", "return-how"),
        ("RECEIPT", "en", "receipt"),
        ("ｒｅｃｅｉｐｔ", "en", "receipt"),
        ("退款", "zh-Hans", "refund-times"),
        ("退貨", "zh-Hans", "return-how"),
        ("转人工", "zh-Hans", "talk-to-person"),
        ("退款", "zh-Hant", "refund-times"),
        ("换货", "zh-Hant", "exchange"),
        ("환불", "ko", "refund-times"),
        ("반품", "ko", "return-how"),
    ],
)
def test_one_word_is_enough(shipped: Library, words: str, language: str, article_id: str) -> None:
    assert article_id in [each.id for each in shipped.search(words, Asker(language), limit=3)]


@pytest.mark.req("BOT-020", "LNG-007")
@pytest.mark.parametrize("language", ["ko"])
def test_questions_in_korean_find_their_article(shipped: Library, language: str) -> None:
    assert recall(shipped, f"{language}.txt", language, 1) >= 0.85
    assert recall(shipped, f"{language}.txt", language, 3) >= 0.9


@pytest.mark.req("BOT-020")
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_questions_in_chinese_written_later_mostly_find_their_article(
    shipped: Library, language: str
) -> None:
    """Less often than Japanese ones: where the words are new, the search rather says nothing."""
    assert recall(shipped, f"unseen_{language}.txt", language, 1) >= 0.78
    assert recall(shipped, f"unseen_{language}.txt", language, 3) >= 0.82


@pytest.mark.req("LNG-007")
def test_korean_questions_written_later_find_their_article_too(shipped: Library) -> None:
    assert sum(1 for _ in asked("ko.txt")) >= 95
    assert recall(shipped, "ko.txt", "ko", 1) >= 0.95
    assert recall(shipped, "unseen_ko.txt", "ko", 1) >= 0.82
    assert recall(shipped, "unseen_ko.txt", "ko", 3) >= 0.86


@pytest.mark.req("LNG-007")
def test_long_korean_messages_with_a_background_mostly_find_their_article(shipped: Library) -> None:
    assert sum(1 for _ in asked("long_ko.txt")) >= 90
    assert recall(shipped, "long_ko.txt", "ko", 1) >= 0.62
    assert recall(shipped, "long_ko.txt", "ko", 3) >= 0.67


@pytest.mark.req("BOT-029")
def test_hardly_anything_that_is_not_our_business_finds_something_in_korean(shipped: Library) -> None:
    lines = (QUESTIONS / "outside_ko.txt").read_text("utf-8").splitlines()
    assert len(lines) >= 25
    assert sum(bool(shipped.search(line, Asker("ko"))) for line in lines) <= 2


def text(title: str, body: str, *phrasings: str) -> ArticleText:
    return ArticleText(title, body, phrasings, date(2026, 11, 20))


@pytest.mark.req("BOT-020")
@pytest.mark.parametrize(
    ("language", "title", "other", "words"),
    [
        ("zh-Hans", "如何申请退款", "如何修改地址", "退款"),
        ("zh-Hant", "如何申請退款", "如何修改地址", "退款"),
        ("zh-Hant", "取消訂單", "修改地址", "取消订单"),
        ("zh-Hans", "取消订单", "修改地址", "取消訂單"),
        ("ko", "환불 받는 방법", "주소 변경", "환불"),
        ("ko", "주문을 취소하려면", "주소 변경", "주문취소"),
    ],
)
def test_chinese_and_korean_are_cut_without_a_dictionary(
    language: str, title: str, other: str, words: str
) -> None:
    articles = [
        Article("other", (), {language: text(other, other)}),
        Article("wanted", (), {language: text(title, title)}),
    ]
    index = Index(articles, language, Synonyms([], language).cut, weight)
    found = index.search(words, lambda article: True)
    assert [index.articles[each.place].id for each in found] == ["wanted"]


def test_words_are_cut_into_words_characters_and_pairs() -> None:
    assert cut("返品したい", "ja") == ["返", "品", "返品", "品し", "した", "たい"]
    assert cut("Returns, returned", "en") == ["return", "return"]
    assert cut("환불", "ko") == ["환", "불", "환불"]
    assert cut("!? …", "ja") == []


@pytest.mark.parametrize("words", ["환불을", "환불은요", "환불하려고요", "환불했는데", "환불이에요"])
def test_korean_is_cut_without_what_follows_the_word(words: str) -> None:
    assert cut(words, "ko")[:2] == ["환", "불"]
    assert "환불" in cut(words, "ko")
    assert len(cut(words, "ko")) <= 5


def test_one_syllable_is_taken_off_only_where_a_word_is_left() -> None:
    assert cut("사과", "ko") == ["사", "과", "사과"]
    assert cut("의자가", "ko") == cut("의자", "ko")


@pytest.mark.req("BOT-020")
@pytest.mark.parametrize(
    ("language", "wish", "background"),
    [
        (
            "ja",
            "領収書を発行してほしいです。",
            "祖母の米寿の祝いに座布団を買ったのですが、母が半分出すと言い出しまして。",
        ),
        ("ko", "영수증을 발급해 주세요", "지난달 사무실 이전하면서 경리 직원까지 바뀌었거든요, "),
    ],
)
def test_a_background_before_the_wish_hides_no_article(
    shipped: Library, language: str, wish: str, background: str
) -> None:
    assert "receipt" in [each.id for each in shipped.search(background + wish, Asker(language), limit=3)]
    assert shipped.search(background, Asker(language)) == []


def test_a_group_that_shares_a_word_with_an_earlier_one_joins_it() -> None:
    synonyms = Synonyms([["返金", "環付"], ["払い戻し", "返金", "リファンド"]], "ja")
    assert synonyms.cut("環付") == synonyms.cut("リファンド") == synonyms.cut("払い戻し") == cut("返金", "ja")


def test_a_group_of_synonyms_is_read_as_its_first_word() -> None:
    synonyms = Synonyms([["返品", "返送", "送り返す"]], "ja")
    assert synonyms.cut("返送") == synonyms.cut("返品") == cut("返品", "ja")
    assert Synonyms([["parcel", "package"]], "en").cut("packages") == ["packag"]


def test_an_empty_question_finds_nothing(shipped: Library) -> None:
    for words in ("", "   ", "?!", "は", "the"):
        assert shipped.search(words, Asker("ja")) == []


def test_searching_is_quick_enough_to_do_while_somebody_types(shipped: Library) -> None:
    questions = [question for _, question in asked("ja.txt")]
    shipped.search("返品", Asker("ja"))
    started = time.process_time()
    for question in questions:
        shipped.search(question, Asker("ja"))
    assert (time.process_time() - started) / len(questions) < 0.02
