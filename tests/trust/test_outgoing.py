"""What leaves in our name: no request for secrets, no link to elsewhere; warnings and our own pages pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.problems import Invalid
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import check_words, only_ours, requests_secrets
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings

SETTINGS = Settings.load(
    None,
    shop={"url": "https://midori.example/shop"},
    server={"base_url": "https://help.midori.example"},
    trust={"partner_domains": ["kuroyagi.example"]},
)
OURS = Ours.of(SETTINGS)


@pytest.mark.req("PHI-006")
@pytest.mark.parametrize(
    "text",
    [
        "本人確認のため、パスワードを教えてください。",
        "お手数ですがカード番号をこちらにご入力ください",
        "確認コードを返信してお知らせいただけますか。",
        "このページのチャットに暗証番号を送ってください",
        "Could you tell me your card number, please?",
        "Please reply with the verification code.",
        "请在这里输入您的密码",
        "請告訴我驗證碼",
        "카드 번호를 알려 주세요",
    ],
)
def test_nobody_of_ours_asks_for_a_secret(text: str) -> None:
    with pytest.raises(Invalid, match="asks_for_secrets"):
        check_words(text, OURS)


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは、誰にも教えないでください。",
        "カード番号をお知らせいただく必要はございません。",
        "ログイン画面で認証コードを入力してください。",
        "当店がパスワードをお聞きすることはありません。",
        "Never tell anybody your password.",
        "We don't ask you to send your card number.",
        "Enter the verification code on the sign-in page.",
        "请勿告诉任何人您的密码",
        "비밀번호를 누구에게도 알려 주지 마세요",
        "ご注文番号をお知らせください。お届け先のご住所もご確認ください。",
    ],
)
def test_warnings_and_our_own_pages_are_no_request(text: str) -> None:
    assert not requests_secrets(text)


@pytest.mark.req("PHI-017")
@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/login",
        "https://bit.ly/3xYz",
        "bit.ly/3xYz",
        "https://midori.example@evil.example/",
        "https://midori.example.evil-shop.jp",
        "https://help.rnidori.example/",
        "http://203.0.113.9/",
    ],
)
def test_a_link_to_elsewhere_and_a_shortener_stay_here(link: str) -> None:
    with pytest.raises(Invalid, match="foreign_link"):
        check_words(f"こちらをご覧ください: {link} よろしくお願いします。", OURS)


@pytest.mark.parametrize(
    "text",
    [
        "https://midori.example/shop/orders をご覧ください。",
        "https://help.midori.example/help/security",
        "配送会社のページ: https://kuroyagi.example/track/123",
        "misaki@example.jp 宛てにお送りしました。",
        "説明書はmanual.pdfです。",
    ],
)
def test_our_own_places_and_a_configured_partners_pass(text: str) -> None:
    check_words(text, OURS)
    assert only_ours(text, OURS) == text


@pytest.mark.req("PHI-017")
def test_a_strangers_link_in_what_we_repeat_cannot_be_pressed() -> None:
    said = only_ours("これは本物ですか https://evil.example/login", OURS)
    assert said == "これは本物ですか 【evil[.]example】"


@pytest.mark.req("PHI-017")
def test_a_mail_with_a_link_to_elsewhere_is_not_sent(tmp_path: Path) -> None:
    settings = Settings.load(
        None, data={"folder": tmp_path}, server={"base_url": "https://help.midori.example"}
    )
    postman = Postman(settings)
    errand = Errand(id=7, topic="mail.code", payload={}, attempt=1, key=None)

    def send(text: str) -> None:
        postman.send(errand, to="misaki@example.jp", name="", subject="件名", text=text, language="ja")

    with pytest.raises(GiveUp, match=r"evil\[\.\]example"):
        send("https://evil.example/login")
    assert not list((tmp_path / "outbox").glob("*"))
    send("https://help.midori.example/contacts/1")
    assert [path.name for path in (tmp_path / "outbox").glob("*.eml")] == ["00000007.eml"]
