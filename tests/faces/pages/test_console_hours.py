"""Setting up the house at the console: hours, queues, profiles, statuses, staff, schedules; who may, and what is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import select

from madoguchi.connectors.embedded.demo.staff import ensure_staff
from madoguchi.counter.calendars import loading
from madoguchi.counter.routing import profiles, queues, schedules, staffing, status_kinds
from madoguchi.counter.team import queries as team
from madoguchi.engine.audit import audit
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

OPEN_TO_LEADERS = (
    "/console/hours",
    "/console/hours/calendar?id=desk",
    "/console/profiles",
    "/console/profiles/profile",
    "/console/statuses",
    "/console/statuses/status",
    "/console/staff",
    "/console/imports",
    "/console/imports/schedules.csv",
)
FOR_OPERATORS = (
    "/console/queues",
    "/console/queues/queue",
    "/console/queues/topics",
    "/console/staff/member",
    "/console/imports/staff.csv",
    "/console/imports/calendars.csv",
)


@pytest.fixture(scope="module", autouse=True)
def people(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The demonstration's staff and two sellers."""
    ensure_staff(counter.house.database, tmp_path_factory.mktemp("staff"))


def last_audit(counter: Counter, action: str) -> dict[str, dict[str, object]]:
    rows = counter.house.database.read(
        lambda tx: tx.all(select(audit).where(audit.c.action == action).order_by(audit.c.seq))
    )
    found: dict[str, dict[str, object]] = rows[-1].detail
    return found


def agent_id(counter: Counter, login: str) -> str:
    found = counter.house.database.read(team.by_login, login)
    assert found is not None
    return found.id


@pytest.mark.parametrize("path", [*OPEN_TO_LEADERS, *FOR_OPERATORS])
def test_who_may_open_what(counter: Counter, staff: Staff, path: str) -> None:
    expected = {"operator": 200, "supervisor": 200 if path in OPEN_TO_LEADERS else 403, "agent": 403}
    for role, status in expected.items():
        visitor = staff(role)
        visitor.get(path)
        assert visitor.answer.status_code == status, role
    stranger = counter.visitor()
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


@pytest.mark.parametrize(
    ("page", "action", "values"),
    [
        ("/console/hours", "/console/hours/rules", {"calendar": "phone", "language": "ko"}),
        ("/console/hours", "/console/hours/calendar", {"id": "x", "name": "x", "timezone": "UTC"}),
        ("/console/hours", "/console/queues/queue", {"id": "x"}),
        ("/console/staff", "/console/staff/member", {"login": "intruder", "name": "x"}),
        ("/console/staff", "/console/staff/password", {}),
    ],
)
def test_a_supervisor_who_sends_an_operators_form_is_refused(
    counter: Counter, staff: Staff, page: str, action: str, values: dict[str, str]
) -> None:
    lead = staff("supervisor")
    _, fields = (lead.get(page), lead.form("/desk/sign-out"))[1]
    answer = lead.client.post(action, data={**fields, **values, "agent_id": agent_id(counter, "ito")})
    assert answer.status_code == 403
    assert counter.house.database.read(team.by_login, "intruder") is None


@pytest.mark.req("QUE-001", "LNG-006")
def test_an_operator_gives_chinese_its_own_hours_and_pages_and_api_say_so(
    counter: Counter, staff: Staff
) -> None:
    operator = staff("operator")
    operator.get("/console/hours/calendar")
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "10:00〜16:00")
    operator.send("/console/hours/calendar", id="zh", name="中国語", saturday="", sunday="", **week)
    assert operator.answer.status_code == 200, operator.text
    operator.send("/console/hours/days", first="2026-12-28", last="2027-01-05", reason_ja="年末年始")
    assert "年末年始" in operator.text
    operator.get("/console/hours")
    operator.send("/console/hours/rules", calendar="zh", language="zh")
    assert "中国語（簡体字・繁体字）" in operator.text
    asked = operator.get("/console/hours?channel=chat&language=zh-Hans&day=2026-12-29&time=12:00")
    assert "受付時間外です" in asked
    assert "年末年始のため休業しています。" in asked
    assert "受付時間内です" in operator.get("/console/hours?language=ja&day=2026-12-29&time=12:00")
    chinese = {"accept-language": "zh-CN"}
    assert "10:00–16:00" in counter.visitor("zh-CN").client.get("/api/v1/shop", headers=chinese).text
    assert "10:00–16:00" not in counter.visitor().client.get("/api/v1/shop").text
    found = counter.house.database.read(loading.load, counter.house.settings)
    noon = datetime.fromisoformat("2026-12-29T12:00:00+08:00")
    assert not found.hours_for(language="zh-Hans").is_open(noon)


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_typed_is_lost(
    counter: Counter, staff: Staff
) -> None:
    operator = staff("operator")
    operator.get("/console/hours/calendar")
    operator.send("/console/hours/calendar", id="london", name="ロンドン支店", monday="nine", timezone="Mars")
    assert operator.answer.status_code == 422
    assert 'id="e-timezone"' in operator.text
    assert 'value="nine"' in operator.text and 'value="ロンドン支店"' in operator.text
    assert "london" not in counter.house.database.read(loading.load, counter.house.settings).by_id


def test_two_who_change_the_same_calendar_are_told(counter: Counter, staff: Staff) -> None:
    one, other = staff("operator"), staff("operator")
    for each in (one, other):
        each.get("/console/hours/calendar?id=phone")
    one.send("/console/hours/calendar", monday="09:00-18:00")
    other.send("/console/hours/calendar", monday="10:00-19:00")
    assert other.answer.status_code == 409
    assert "ほかの方がこの間に変更しました" in other.text
    assert 'value="10:00-19:00"' in other.text
    other.send("/console/hours/calendar")
    week = counter.house.database.read(loading.load, counter.house.settings).phone.week
    assert week[0][0].start == 600
    before = last_audit(counter, "calendar.saved")["before"]["week"]
    assert isinstance(before, list) and before[0] == "09:00-18:00"


@pytest.mark.req("QUE-003", "QUE-015")
def test_a_queue_is_made_changed_and_given_enquiries_and_the_switched_off_leaves_nobody_alone(
    counter: Counter, staff: Staff
) -> None:
    operator, database = staff("operator"), counter.house.database
    operator.get("/console/queues/queue")
    operator.send(
        "/console/queues/queue",
        id="gifts",
        name_ja="ギフト",
        priority="3",
        level="4",
        relaxation="60 3\n180 １",
        overflow="300 general",
    )
    assert operator.path == "/console/queues", operator.text
    made = database.read(queues.get, "gifts")
    assert (made.relaxation, made.overflow) == (
        [{"after_s": 60, "level": 3}, {"after_s": 180, "level": 1}],
        [{"after_s": 300, "queue": "general"}],
    )
    kind = "before_purchase.gift" if "before_purchase.gift" in operator.get("/console/queues/topics") else ""
    kind = kind or "return_exchange_cancel.return_request"
    operator.send("/console/queues/topics", **{kind: "gifts"})
    assert database.read(queues.desk_for, kind) == "gifts"
    assert last_audit(counter, "queue.topics_set")["after"] == {kind: "gifts"}
    operator.get("/console/queues/queue?id=gifts")
    target, fields = operator.form("/console/queues/queue")
    fields.pop("active")
    operator.answer = operator.client.post(target, data={**fields, "relaxation": "", "overflow": ""})
    assert database.read(queues.desk_for, kind) == "general"
    operator.get("/console/queues/queue?id=general")
    target, fields = operator.form("/console/queues/queue")
    fields.pop("active")
    operator.answer = operator.client.post(target, data=fields)
    assert "この窓口は必要なため停止できません" in operator.text


def test_a_profile_is_made_and_stays_while_somebody_has_it(counter: Counter, staff: Staff) -> None:
    lead, database = staff("supervisor"), counter.house.database
    lead.get("/console/profiles/profile")
    lead.send("/console/profiles/profile", id="night", name="夜間チーム", queue_orders="4", channel_phone="1")
    found = database.read(profiles.find, "night")
    assert found is not None
    assert (found.queues, found.channels) == ({"orders": 4}, {"phone": 1})
    operator = staff("operator")
    operator.get(f"/console/staff/member?id={agent_id(counter, 'kato')}")
    operator.send("/console/staff/member", profile="night")
    lead.get("/console/profiles/profile?id=night")
    target, fields = lead.form("/console/profiles/profile")
    fields.pop("active")
    lead.answer = lead.client.post(target, data=fields)
    assert lead.answer.status_code == 409
    assert "加藤" in lead.text


def test_a_status_of_the_house_is_made_and_switched_off(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get("/console/statuses/status")
    lead.send("/console/statuses/status", id="training", name_ja="研修中", base="break", remind_minutes="60")
    made = counter.house.database.read(status_kinds.chosen, "training")
    assert (made.label("ja"), made.base, made.remind_minutes) == ("研修中", "break", 60)
    lead.get("/console/statuses/status")
    lead.send("/console/statuses/status", id="lunch", name_ja="", position="x")
    assert lead.answer.status_code == 422


def member(visitor: Visitor, counter: Counter, login: str) -> None:
    visitor.get(f"/console/staff/member?id={agent_id(counter, login)}")


@pytest.mark.req("QUE-015")
def test_an_account_is_made_changed_switched_off_and_gets_a_new_password(
    counter: Counter, staff: Staff
) -> None:
    operator, database = staff("operator"), counter.house.database
    operator.get("/console/staff/member")
    operator.send("/console/staff/member", login="Tanaka", name="田中 花", roles="agent", language_ko="3")
    assert operator.answer.status_code == 200
    assert "パスワード（表示は今回だけです）" in operator.text
    found = database.read(team.by_login, "tanaka")
    assert found is not None
    assert found.languages == ["ja", "ko"]
    assert found.levels == {"language:ko": 3}
    member(operator, counter, "tanaka")
    operator.send("/console/staff/member", queue_orders="2", capacity="7", display_name="田中")
    changed = database.read(team.get, found.id)
    assert (changed.capacity, changed.levels) == (7, {"language:ko": 3, "queue:orders": 2})
    assert last_audit(counter, "agent.changed")["after"]["capacity"] == 7  # type: ignore[comparison-overlap]
    operator.send("/console/staff/password")
    assert database.read(team.get, found.id).password_hash != found.password_hash
    assert "表示は今回だけ" in operator.text
    member(operator, counter, "tanaka")
    target, fields = operator.form("/console/staff/member")
    fields.pop("active")
    operator.client.post(target, data=fields)
    assert not database.read(team.get, found.id).active
    assert "田中 花" not in operator.get("/console/staff?q=tanaka")
    assert "田中 花" in operator.get("/console/staff?q=田中&view=off")


def test_a_login_that_is_taken_and_ones_own_switching_off_are_refused(counter: Counter, staff: Staff) -> None:
    operator = staff("operator")
    operator.get("/console/staff/member")
    operator.send("/console/staff/member", login="ITO", name="伊藤二人目")
    assert "このログインIDはすでに使われています" in operator.text
    assert 'value="伊藤二人目"' in operator.text
    own = next(
        each
        for each in counter.house.database.read(team.agents)
        if each.roles == ["operator"] and each.active
    )
    operator.get(f"/console/staff/member?id={own.id}")
    target, fields = operator.form("/console/staff/member")
    fields.pop("active")
    operator.answer = operator.client.post(target, data=fields)
    assert operator.answer.status_code == 409
    assert counter.house.database.read(team.get, own.id).active


def test_sellers_accounts_stand_apart_and_get_no_skills(counter: Counter, staff: Staff) -> None:
    operator = staff("operator")
    assert "kogei" not in operator.get("/console/staff")
    assert "kogei" in operator.get("/console/staff?view=sellers")
    member(operator, counter, "kogei")
    operator.send("/console/staff/member", name="北山工芸 新")
    found = counter.house.database.read(team.by_login, "kogei")
    assert found is not None
    assert (found.name, found.roles, found.queues) == ("北山工芸 新", ["seller"], [])


def test_a_supervisor_plans_a_week_and_a_day_off(counter: Counter, staff: Staff) -> None:
    lead, ito = staff("supervisor"), agent_id(counter, "ito")
    lead.get(f"/console/staff/schedule?id={ito}")
    lead.send("/console/staff/schedule", monday="9:00-18:00", break_monday="12:00-13:00")
    assert "9:00–18:00" in lead.text and "12:00–13:00" in lead.text
    lead.send("/console/staff/schedule/days", first="2026-12-07", note="有給")
    plan = counter.house.database.read(schedules.plan_of, ito)
    assert (plan.week[0], plan.breaks[0], plan.days[0].note) == ("09:00-18:00", "12:00-13:00", "有給")
    lead.send("/console/staff/schedule/days/remove")
    assert counter.house.database.read(schedules.plan_of, ito).days == []
    lead.send("/console/staff/schedule", tuesday="いつも")
    assert lead.answer.status_code == 422
    assert 'value="いつも"' in lead.text


def upload(visitor: Visitor, text: str, encoding: str = "utf-8-sig") -> str:
    visitor.get("/console/imports")
    target, fields = visitor.form("/console/imports")
    visitor.answer = visitor.client.post(
        target, data=fields, files={"file": ("staff.csv", text.encode(encoding), "text/csv")}
    )
    return visitor.text


def test_a_file_is_looked_at_before_it_is_done_and_done_once(counter: Counter, staff: Staff) -> None:
    operator, database = staff("operator"), counter.house.database
    text = "login,name,roles,languages,capacity\nsuzuki,鈴木 一,agent,ja en:3,4\nito,,,,9\n"
    shown = upload(operator, text, "cp932")
    assert "2件の変更" in shown and "鈴木 一" in shown
    assert database.read(team.by_login, "suzuki") is None
    target, fields = operator.form("/console/imports/do")
    operator.answer = operator.client.post(target, data={**fields, "text": text})
    assert "suzuki" in operator.text and "表示は今回だけです" in operator.text
    found = database.read(team.by_login, "suzuki")
    assert found is not None and found.levels == {"language:en": 3}
    assert staffing.Member.of(database.read(team.get, agent_id(counter, "ito"))).capacity == 9
    operator.answer = operator.client.post(target, data={**fields, "text": text})
    assert operator.answer.status_code == 409  # what was looked at has been done
    assert "変更はありません" in operator.text


def test_a_file_with_a_fault_says_where_and_changes_nothing(counter: Counter, staff: Staff) -> None:
    operator = staff("operator")
    shown = upload(operator, "login,name,queues\nsato,佐藤,orders\nabe,阿部,ordres\n")
    assert operator.answer.status_code == 422
    assert "3行目「queues」：ordresという窓口はありません" in shown
    assert counter.house.database.read(team.by_login, "sato") is None
    lead = staff("supervisor")
    upload(lead, "login,name\nsato,佐藤\n")
    assert lead.answer.status_code == 403


@pytest.mark.req("QUE-015")
def test_an_agent_sees_the_own_plan_and_nobody_elses(counter: Counter, staff: Staff) -> None:
    agent = staff("agent")
    assert "シフトはまだ登録されていません" in agent.get("/desk/plan")
    own = next(
        each
        for each in counter.house.database.read(team.agents)
        if each.roles == ["agent"] and each.name == "担当 agent"
    )
    lead = staff("supervisor")
    lead.get(f"/console/staff/schedule?id={own.id}")
    lead.send("/console/staff/schedule", **dict.fromkeys(("monday", "tuesday", "wednesday"), "08:30-17:15"))
    assert "8:30–17:15" in agent.get("/desk/plan")
    stranger = counter.visitor()
    stranger.get("/desk/plan")
    assert stranger.path.startswith("/desk/sign-in")


def test_every_page_fits_320_pixels_and_axe_finds_nothing(
    counter: Counter, browser: Browser, tokens: dict[str, str]
) -> None:
    cookie = {"name": STAFF_COOKIE, "value": tokens["operator"], "url": counter.url}
    context = _context(browser, counter, viewport={"width": 320, "height": 700}, bypass_csp=True)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    ito = agent_id(counter, "ito")
    for path in (
        "/console/hours",
        "/console/hours/calendar?id=desk",
        "/console/queues",
        "/console/queues/queue?id=orders",
        "/console/queues/topics",
        "/console/profiles/profile",
        "/console/statuses/status",
        "/console/staff",
        f"/console/staff/member?id={ito}",
        f"/console/staff/schedule?id={ito}",
        "/console/imports",
    ):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
