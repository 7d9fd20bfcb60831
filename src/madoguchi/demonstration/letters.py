"""The mails of the past, as their senders' programs wrote them: with a picture, without a signature, from a machine."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

_FOLDER = Path(__file__).with_name("mails")
SERVER = "mx.midori-store.example"  # under this name the shop's mail server says who vouches for a sender
BOX = "help@midori-store.example"
_PASSED = (
    "spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass (p=reject) header.from={domain}"
)
_FAILED = "spf=softfail smtp.mailfrom={domain}; dkim=none; dmarc=fail (p=none) header.from={domain}"


@dataclass(frozen=True)
class Letter:
    """A mail that came `days` ago at `hour`. `kind`: category, "" for what nobody can tell from its words."""

    name: str
    days: int
    hour: int
    sender: str
    address: str
    subject: str
    text: str
    kind: str = ""
    language: str = "ja"
    vouched: bool = True
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def raw(self) -> bytes:
        mail = EmailMessage()
        mail["From"] = f"{self.sender} <{self.address}>"
        mail["To"] = BOX
        mail["Subject"] = self.subject
        mail["Message-ID"] = f"<{self.name}@{self.domain}>"
        mail["Authentication-Results"] = (
            f"{SERVER}; {(_PASSED if self.vouched else _FAILED).format(domain=self.domain)}"
        )
        for name, value in self.headers:
            mail[name] = value
        mail.set_content(self.text, cte="base64")
        if self.html:
            page = EmailMessage(policy=SMTP)
            page.set_content((_FOLDER / self.html).read_text("utf-8"), subtype="html", cte="base64")
            page.add_related(_picture(), "image", "png", cid="<wrapping@mail.example>", filename="houso.png")
            mail.make_alternative()
            mail.attach(page)
        return mail.as_bytes(policy=SMTP)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def _picture() -> bytes:
    """A wrapping paper: stripes with a red bow."""
    image = Image.new("RGB", (320, 192), "#f3efe4")
    pen = ImageDraw.Draw(image)
    for x in range(0, 320, 32):
        pen.rectangle((x, 0, x + 15, 191), fill="#cfe3cf")
    pen.rectangle((148, 0, 172, 191), fill="#b3272d")
    pen.ellipse((104, 70, 158, 122), fill="#b3272d")
    pen.ellipse((162, 70, 216, 122), fill="#b3272d")
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


LETTERS = (
    Letter(
        "gift-wrapping",
        1,
        14,
        "青木 千尋",
        "chihiro.aoki17@example.jp",
        "のし紙と包装について",
        "出産祝いに使いたく、のし紙は付けられますか。写真のような包装紙はありますか。\n\n青木 千尋",
        "order_delivery.product_inquiry",
        html="gift.html",
    ),
    Letter(
        "invoice-name",
        1,
        11,
        "前田 真由美",
        "mayumi.maeda9@example.jp",
        "領収書の宛名",
        "領収書の宛名を「前田建設株式会社」に変えていただけますか。急ぎませんので、お返事は明日で結構です。\n\n前田",
        "payment_refund.receipt",
    ),
    Letter(
        "colour",
        6,
        9,
        "岡田 香織",
        "kaori.okada11@example.jp",
        "届いた品の色が違います",
        "注文した色と違うカーテンが届きました。交換をお願いします。写真が必要でしたら送ります。\n\n岡田 香織",
        "return_exchange_cancel.wrong_item",
        vouched=False,
    ),
    Letter(
        "shipping-abroad",
        2,
        22,
        "Sofia Rossi",
        "sofia.rossi@example.com",
        "Do you ship to Italy?",
        "Hello,\n\nI will move back to Italy next month. Do you ship there, and what would it cost?\n\nKind regards\nSofia Rossi",
        "order_delivery.product_inquiry",
        language="en",
    ),
    Letter(
        "newsletter",
        3,
        8,
        "Packaging Weekly",
        "news@packaging-weekly.example",
        "今週の梱包資材ニュース",
        "新しい緩衝材のご案内です。配信停止はこちら。",
        vouched=True,
        headers=(("List-Id", "<weekly.packaging-weekly.example>"), ("Precedence", "list")),
    ),
)
