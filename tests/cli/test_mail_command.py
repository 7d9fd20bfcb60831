"""`madoguchi mail`: what an operator sees of a mail."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from madoguchi.cli import app
from tests.mail.letters import mail

run = CliRunner().invoke


def test_a_mail_is_shown_as_it_is_read(tmp_path: Path) -> None:
    told = mail("交換をお願いします。\n\nOn Thu, 26 Nov 2026, Midori <s@example.com> wrote:\n> 旧い文\n")
    told.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="領収書.pdf")
    (tmp_path / "one.eml").write_bytes(told.as_bytes())
    shown = run(app, ["mail", "read", str(tmp_path / "one.eml")])
    assert shown.exit_code == 0
    for words in (
        "山田 花子 <hanako@example.jp>",
        "荷物の件",
        "交換をお願いします。",
        "│ > 旧い文",
        "領収書.pdf (5 bytes)",
    ):
        assert words in shown.stdout


def test_many_mails_are_one_json_object_a_line(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.eml").write_bytes(mail(name, Auto_Submitted="auto-replied").as_bytes())
    shown = run(app, ["mail", "read", "--json", *map(str, sorted(tmp_path.iterdir()))])
    rows = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [(row["text"], row["automatic"]) for row in rows] == [("a", "auto_reply"), ("b", "auto_reply")]
