"""`madoguchi flow export` and `import`: dialogues as files, brought in as drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.checking import Known
from madoguchi.assistant.own_flows.model import from_toml, to_toml
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.cli import app
from madoguchi.counter.actors import Actor
from madoguchi.engine.database import Database

run = CliRunner().invoke
LEAD = Actor(kind="agent", id="agt_lead", roles=("supervisor",))


def test_a_dialogue_goes_from_one_house_to_another(tmp_path: Path) -> None:
    here = ["--data", str(tmp_path / "here")]
    wanted = examples()["gift_wrapping"]
    file = tmp_path / "wrapping.toml"
    file.write_text(to_toml(wanted), "utf-8")
    imported = run(app, ["flow", "import", str(file), *here])
    assert imported.exit_code == 0 and "1 drafted" in imported.output, imported.output
    database = Database(f"sqlite:///{next((tmp_path / 'here').glob('*.db'))}")
    draft = database.read(keeping.draft_of, wanted.id)
    assert draft is not None and draft.dialogue == wanted
    assert "0 written" in run(app, ["flow", "export", str(tmp_path / "none"), *here]).output
    database.write(lambda tx: keeping.put_in_force(tx, LEAD, wanted.id, 1, Known(), four_eyes=True))
    database.close()
    out = tmp_path / "out"
    assert run(app, ["flow", "export", str(out), *here]).exit_code == 0
    assert from_toml((out / f"{wanted.id}.toml").read_text("utf-8")) == wanted


@pytest.mark.parametrize(("text", "code"), [("kind = 3", 1), ('kind = "order_delivery.track_order"', 1)])
def test_what_is_no_dialogue_or_not_ready_is_said_and_nothing_is_written(
    tmp_path: Path, text: str, code: int
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    data = ["--data", str(tmp_path / "data")]
    assert run(app, ["flow", "import", "--check", str(file), *data]).exit_code == code
    assert "0 written" in run(app, ["flow", "export", "--drafts", str(tmp_path / "out"), *data]).output
