"""Articles as people keep them: files that are checked, places that are filled, the shop's own before the shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from madoguchi.building import places_of
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.knowledge import markup, queries, service
from madoguchi.counter.knowledge.files import problems_of, read_folder, read_text
from madoguchi.counter.knowledge.library import SHIPPED, Library
from madoguchi.counter.knowledge.model import Article, Asker, Votes
from madoguchi.counter.knowledge.places import Places
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.problems import NotFound
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings
from madoguchi.faces.customer.help_sections import WAYS

COMPLETE = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
LEAD = Actor(kind="agent", id="agt_lead", name="佐藤", roles=frozenset({"supervisor"}))


def written(title: str = "返品の条件", body: str = "14日以内です。", phrasings: int = 10) -> str:
    asked_as = "\n".join(f"返品できますか{number}" for number in range(phrasings))
    return f'+++\ntitle = "{title}"\nupdated = 2026-11-20\nasked_as = """\n{asked_as}\n"""\n+++\n{body}\n'


def folder_of(tmp_path: Path, texts: dict[str, str], about: str = "") -> Path:
    for name, source in texts.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, "utf-8")
    if about:
        (tmp_path / "articles.toml").write_text(about, "utf-8")
    return tmp_path


def places(policy: str = "", tmp_path: Path | None = None, **shop: object) -> Places:
    path = None
    if policy and tmp_path is not None:
        path = tmp_path / "policy.toml"
        path.write_text(policy, "utf-8")
    return places_of(Settings.model_validate({"shop": shop}), Rules.load(path))


def own(article_id: str, body: str, *, audience: tuple[str, ...] = ("everyone",)) -> Article:
    return Article(article_id, (), {"ja": read_text(written(body=body))}, audience)


# ── the shipped ones ──────────────────────────────────────────────────────────────────────────────


def test_the_shipped_articles_are_in_order() -> None:
    assert problems_of(read_folder(SHIPPED, own=False), places(), categories()) == []


@pytest.mark.req("HLP-004", "HLP-005", "HLP-006", "HLP-011", "HLP-012", "HLP-017", "BOT-007", "BOT-030")
def test_every_kind_of_enquiry_has_an_article_in_all_languages() -> None:
    articles = read_folder(SHIPPED, own=False).articles.values()
    for language in COMPLETE:
        answered = {kind for article in articles if language in article.texts for kind in article.kinds}
        assert set(categories()) - answered == set()


@pytest.mark.parametrize("language", COMPLETE)
def test_a_short_answer_stands_whatever_the_shop_has_not_set(language: str) -> None:
    bare = places()
    for article in read_folder(SHIPPED, own=False).articles.values():
        body = article.texts[language].body
        shown = bare.fill(body, language, signed_in=False)
        assert shown.splitlines()[0].startswith(body.splitlines()[0].partition("{")[0]), article.id
        assert "{" not in shown


@pytest.mark.parametrize("language", COMPLETE)
def test_links_between_articles_lead_to_articles(language: str) -> None:
    articles = read_folder(SHIPPED, own=False).articles
    for article in articles.values():
        for url in markup.links(article.texts[language].body):
            if url.startswith("/help/articles/"):
                assert url.removeprefix("/help/articles/") in articles, f"{article.id}: {url}"


@pytest.mark.req("PHI-016", "PHI-020", "ACC-002")
@pytest.mark.parametrize("language", COMPLETE)
def test_emergency_articles_say_what_to_do_now_in_numbered_steps(shipped: Library, language: str) -> None:
    for kind in ("credentials_disclosed", "fraud_victim"):
        told = shipped.about(f"phishing_impersonation.{kind}", Asker(language))
        assert told is not None
        steps = next(block for block in markup.blocks(told.body) if block.kind == "steps")
        assert len(steps.items) >= 5
    takeover = shipped.about("account_security.account_takeover", Asker(language))
    assert takeover is not None
    password, two_step = {
        "ja": ("パスワード", "2段階認証"),
        "en": ("password", "two-step"),
        "zh-Hans": ("密码", "两步验证"),
        "zh-Hant": ("密碼", "兩步驟驗證"),
        "ko": ("비밀번호", "2단계 인증"),
    }[language]
    assert takeover.short.index(password) < takeover.short.index(two_step)


@pytest.mark.parametrize("language", COMPLETE[1:])
def test_an_article_says_the_same_in_every_language(language: str) -> None:
    """The same places and conditions, pages and articles, steps and points as in Japanese."""

    def facts(body: str) -> tuple[list[str], list[str], list[tuple[str, int]]]:
        lists = [(block.kind, len(block.items)) for block in markup.blocks(body) if block.kind != "heading"]
        counted = [each for each in lists if each[0] != "paragraph"]
        return sorted(re.findall(r"\{[^}]*\}", body)), sorted(markup.links(body)), counted

    for article in read_folder(SHIPPED, own=False).articles.values():
        assert facts(article.texts[language].body) == facts(article.texts["ja"].body), article.id


# Figures that are not the shop's to set: how long a restart takes, how large letters get, what carriers do.
OF_THE_WORLD = {"accessibility", "device-issue", "cross-border", "delivery-delay", "redelivery"}
FIGURE = re.compile(
    r"(?<![A-Z])\d+(?:[.,]\d+)?\s?(?:営業日|日|円|％|%|か月|週間|年間|分|(?:business )?days?|weeks?|months?|yen|minutes?|"
    r"hours?|个工作日|個工作天|天|日元|元|分钟|分鐘|小时|小時|個月|个月|영업일|일|원|분|시간|개월)"
)


@pytest.mark.parametrize("language", COMPLETE)
def test_what_settings_and_policy_decide_stands_as_a_place(language: str) -> None:
    """Days, money, shares and minutes: nobody can forget to change them with the policy."""
    found = {
        f"{article.id}: {figure[0]}"
        for article in read_folder(SHIPPED, own=False).articles.values()
        if article.id not in OF_THE_WORLD
        for figure in FIGURE.finditer(re.sub(r"\{[^}]*\}", "", article.texts[language].body))
        if not figure[0].startswith("24")  # day and night
    }
    assert found == set()


def test_a_figure_of_the_settings_is_told(tmp_path: Path) -> None:
    settings = Settings.model_validate({"knowledge": {"investigation_days": (2, 5)}})
    told = places_of(settings, Rules.load()).fill("目安は{desk.investigation}です。", "ja")
    assert told == "目安は2〜5日です。"


HEADINGS = {
    "ja": {"使い方", "早さ", "ご注意"},
    "en": {"How to use it", "How quick it is", "Please mind"},
    "zh-Hans": {"使用方法", "速度", "注意事项"},
    "zh-Hant": {"使用方法", "速度", "注意事項"},
    "ko": {"이용 방법", "속도", "주의할 점"},
}


@pytest.mark.req("CH-062")
@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_to_us_has_an_article_on_how_speed_and_caution(way: str, language: str) -> None:
    body = read_folder(SHIPPED, own=False).articles[WAYS[way]].texts[language].body
    headings = {block.items[0][0].text for block in markup.blocks(body) if block.kind == "heading"}
    assert headings >= HEADINGS[language]


@pytest.mark.req("HLP-004")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_three_sets_that_nobody_can_do_without_are_there(language: str) -> None:
    sets = {
        "cancelling and returning": (
            "cancel-order",
            "cancel-too-late",
            "return-how",
            "return-policy",
            "refund-times",
        ),
        "changing the account": ("account-info", "password-reset", "payment-method-update", "change-address"),
        "caution with spam": (
            "report-phishing",
            "verify-message",
            "smishing",
            "vishing",
            "fake-site",
            "security",
        ),
    }
    articles = read_folder(SHIPPED, own=False).articles
    for ids in sets.values():
        assert all(language in articles[each].texts for each in ids)


# ── places ────────────────────────────────────────────────────────────────────────────────────────


def test_an_article_says_what_the_policy_says(tmp_path: Path) -> None:
    text = "購入から{policy.returns.window_days}日以内。手数料は{policy.returns.customer_fee}。カードへは{refund.card}。"
    assert places().fill(text, "ja") == "購入から30日以内。手数料は550円。カードへは3〜5営業日。"
    changed = places("[returns]\nwindow_days = 14\n", tmp_path)
    assert changed.fill(text, "ja").startswith("購入から14日以内")


def test_a_line_stands_only_while_the_policy_says_so(tmp_path: Path) -> None:
    text = "できます。\n{policy.returns.classes.food.returnable=no}- 食品は返品できません。"
    assert places().fill(text, "ja") == "できます。\n- 食品は返品できません。"
    changed = places('[returns.classes.food]\nreturnable = "yes"\n', tmp_path)
    assert changed.fill(text, "ja") == "できます。"


@pytest.mark.req("CH-014")
def test_the_telephone_is_for_those_who_have_signed_in() -> None:
    shop = places(phone="0120-000-000")
    assert shop.fill("電話: {shop.phone}", "ja") == "電話: 0120-000-000"
    assert shop.fill("電話: {shop.phone}", "ja", signed_in=False) == ""


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    assert places().fill("a\nメール: {shop.mail}\nb", "ja") == "a\nb"


def test_the_shop_is_named_as_its_customers_know_it() -> None:
    assert places().fill("{shop.name}", "ja") == "みどり商店"
    assert places().fill("{shop.name}", "en") == "Midori Store"


def test_an_unknown_place_is_refused_with_the_nearest_name() -> None:
    assert places().problems("{shop.nam} {policy.returns.windw_days} {refund.card}") == [
        "unknown place {shop.nam}; did you mean {shop.name}?",
        "unknown place {policy.returns.windw_days}; did you mean {policy.returns.window_days}?",
    ]


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_says_everything_that_is_wrong_with_it(tmp_path: Path) -> None:
    texts = {
        "ja/good.md": written(),
        "ja/no-head.md": "返品できます。",
        "ja/few.md": written(phrasings=3),
        "ja/place.md": written(body="{shop.nam}です。"),
        "ja/link.md": written(body="[ここ](javascript:alert)を見ます。"),
        "ja/unknown.md": written(),
        "ja/Bad Name.md": written(),
    }
    about = (
        'good = { kinds = ["return_exchange_cancel.return_polcy"] }\nno-head = {}\nfew = {}\nplace = {}\nlink = {}\n'
        'odd = { audience = ["member"], colour = "red" }\n'
    )
    found = problems_of(read_folder(folder_of(tmp_path, texts, about), own=True), places(), categories())
    said = "\n".join(found)
    for words in (
        "unknown kind `return_exchange_cancel.return_polcy`; did you mean `return_exchange_cancel.return_policy`?",
        "ja/no-head.md: a text begins with a head",
        "ja/few.md: asked_as has 3 phrasings",
        "ja/place.md: unknown place {shop.nam}",
        "ja/link.md: a link must lead to https://",
        "articles.toml: nothing about `unknown`",
        "ja/Bad Name.md: a name has small letters",
        "articles.toml: `odd`",
    ):
        assert words in said


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "no such folder" in read_folder(tmp_path / "nowhere", own=True).problems[0]


def test_a_line_after_a_list_is_a_paragraph_of_its_own() -> None:
    read = markup.blocks("1. 電話します。\n電話番号: 0120\nメール: a@b")
    assert [block.kind for block in read] == ["steps", "paragraph"]
    assert read[1].items[0][0].text == "電話番号: 0120\nメール: a@b"


def test_text_becomes_blocks_and_dangerous_links_only_words() -> None:
    read = markup.blocks(
        "一行目\n二行目\n\n## 手順\n1. **大事**な[頁](/orders)\n2. [悪](javascript:x)\n\n- 点"
    )
    assert [block.kind for block in read] == ["paragraph", "heading", "steps", "points"]
    assert read[0].items[0][0].text == "一行目\n二行目"
    bold, words, link = read[2].items[0]
    assert (bold.bold, words.text, link.url) == (True, "な", "/orders")
    assert (read[2].items[1][0].text, read[2].items[1][0].url) == ("悪", "")


@pytest.mark.parametrize(
    "url", ["//evil.example", "javascript:x", "data:text/html,x", "/\\evil.example", "vbscript:x"]
)
def test_links_lead_to_our_pages_or_to_https(url: str) -> None:
    assert not markup.is_safe_link(url)


# ── the shop's own ────────────────────────────────────────────────────────────────────────────────


def test_the_shops_own_article_goes_before_the_shipped_one(database: Database, library: Library) -> None:
    asker = Asker("ja")
    assert "30日" in library.read("return-policy", asker).short
    database.write(service.put, own("return-policy", "うちの店では60日です。"), LEAD)
    told = library.read("return-policy", asker)
    assert (told.short, told.article.own) == ("うちの店では60日です。", True)
    with pytest.raises(NotFound):
        library.read("return-policy", Asker("en"))  # the shipped English text would contradict


def test_every_change_is_remembered_with_who_and_when(database: Database) -> None:
    database.write(service.put, own("house-rules", "一つ目。"), LEAD)
    database.write(service.put, own("house-rules", "一つ目。"), LEAD)
    database.write(service.put, own("house-rules", "二つ目。"), LEAD)
    kept = database.read(queries.find, "house-rules")
    assert kept is not None
    database.write(service.withdraw, kept, LEAD)
    changes = database.read(queries.history, "house-rules")
    assert [(change.version, change.what) for change in changes] == [
        (1, "created"),
        (2, "changed"),
        (3, "withdrawn"),
    ]
    assert changes[0].after["texts"]["ja"]["body"] == "一つ目。"
    assert {(change.actor_id, change.actor_name) for change in changes} == {("agt_lead", "佐藤")}
    assert changes[0].at == database.clock()


def test_a_withdrawn_article_is_found_by_nobody(database: Database, library: Library) -> None:
    shipped_one = library.read("receipt", Asker("ja")).article
    assert [told.id for told in library.search("領収書", Asker("ja"), limit=1)] == ["receipt"]
    database.write(service.withdraw, shipped_one, LEAD)
    assert "receipt" not in [told.id for told in library.search("領収書", Asker("ja"))]
    assert library.about("payment_refund.receipt", Asker("ja")) is None


def test_a_new_article_is_found_at_once_by_another_process(database: Database, library: Library) -> None:
    question = "ペンギン便の集荷"
    assert "penguin" not in [told.id for told in library.search(question, Asker("ja"))]
    text = read_text(written("ペンギン便で送る", "ペンギン便の集荷は午後です。"))
    database.write(service.put, Article("penguin", (), {"ja": text}), LEAD)
    assert library.search(question, Asker("ja"))[0].id == "penguin"


def test_the_shops_own_synonyms_are_understood(database: Database, library: Library) -> None:
    assert library.search("ぽぽぽぽん", Asker("ja")) == []
    assert database.write(service.keep_synonyms, "ja", [["領収書", "ぽぽぽぽん"]])
    assert not database.write(service.keep_synonyms, "ja", [["領収書", "ぽぽぽぽん"]])
    assert "receipt" in [told.id for told in library.search("ぽぽぽぽん", Asker("ja"))]


@pytest.mark.parametrize("audience", ["member", "business", "seller", "agent"])
def test_an_article_is_read_only_by_those_it_is_for(
    database: Database, library: Library, audience: str
) -> None:
    text = read_text(written("ペンギンの会", "ペンギンの会の話です。"))
    database.write(service.put, Article("penguin", ("general.site_usage",), {"ja": text}, (audience,)), LEAD)
    inside = Asker("ja", frozenset({"everyone", audience}))
    assert library.read("penguin", inside).title == "ペンギンの会"
    assert [told.id for told in library.search("ペンギンの会", inside)] == ["penguin"]
    assert library.search("ペンギンの会", Asker("ja")) == []
    assert "penguin" not in [told.id for told in library.published(Asker("ja"))]
    with pytest.raises(NotFound):
        library.read("penguin", Asker("ja"))


def test_a_segment_counts_only_for_somebody_who_has_signed_in() -> None:
    assert Asker.of_segments("ja", ["seller"], signed_in=False).audiences == {"everyone"}
    assert Asker.of_segments("ja", ["seller", "senior"], signed_in=True).audiences == {"everyone", "seller"}
    assert "agent" not in Asker.of_segments("ja", ["agent"], signed_in=True).audiences


def test_another_language_is_shown_only_when_asked_for_and_says_so(
    database: Database, library: Library
) -> None:
    database.write(service.put, own("penguin", "ペンギンの話です。"), LEAD)
    with pytest.raises(NotFound):
        library.read("penguin", Asker("ko"))
    assert library.read("penguin", Asker("ko"), fallback=True).language == "ja"
    assert library.search("領収書", Asker("ko")) == []
    assert {told.language for told in library.search("領収書", Asker("ko"), fallback=True)} == {"ja"}


def test_votes_are_counted_by_article_and_language(database: Database) -> None:
    for language, helped in (("ja", True), ("ja", True), ("ja", False), ("en", False)):
        database.write(service.vote, "receipt", language, helped=helped)
    assert database.read(queries.votes) == {("receipt", "ja"): Votes(2, 1), ("receipt", "en"): Votes(0, 1)}


@pytest.mark.req("RET-021")
@pytest.mark.parametrize("language", COMPLETE)
def test_common_return_trouble_stands_in_one_article_with_the_shops_own_days(
    shipped: Library, tmp_path: Path, language: str
) -> None:
    article = read_folder(SHIPPED, own=False).articles["return-trouble"]
    body = article.texts[language].body
    points = [block for block in markup.blocks(body) if block.kind == "points"]
    lead_to = [line for line in body.splitlines() if line.startswith("- ")]
    assert [len(block.items) for block in points] == [3]
    for line, answer in zip(lead_to, ("return-not-allowed", "refund-times", "cancel-too-late"), strict=True):
        assert f"(/help/articles/{answer})" in line
    strict = places("[returns]\nwindow_days = 9\n[refund.after_arrival]\nlow = 4\nhigh = 6\n", tmp_path)
    shown = strict.fill(body, language)
    assert "{" not in shown
    assert re.search(r"(?<!\d)9 ?(日|days|天|일)", shown) and re.search(r"4\D6", shown)
    for kind in article.kinds:
        told = shipped.about(kind, Asker(language))
        assert told is not None and told.id != "return-trouble"  # its own article answers each of the three
