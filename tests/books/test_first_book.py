"""The first programme, whole: every clause has its place, every number comes out, every story is true."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.book.book import Book, check_book, read_book
from engine.book.check.rules import actions_of
from engine.office import Office
from engine.testing import Result, run_test
from rules.language import Actions, Rule
from tests.architecture.test_notice import of_the_notice

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "duban" / "books" / "wuhu-2020"
GOLDEN = {f"G{number}" for number in range(1, 13)}
# Of all 117 quotations, one a line, as compared with the published text.
QUOTED = "5412ddc475b2753d06ef1226b1fd8b257d96dcd04b17e01dfacfe0286bedd1f7"
PLACES = {
    "unit": "units",
    "group": "groups",
    "post": "posts",
    "role": "roles",
    "param": "params",
    "reference": "references",
    "workflow": "workflows",
    "clock": "clocks",
    "measure": "measures",
    "duty": "duties",
    "rule": "rules",
    "item": "items",
}
# What the notice leaves open: each is decided in the open.
OPEN_QUESTIONS = (
    *("programme_start", "programme_end", "task_due", "interview_year", "lag_tolerance"),
    *("boards_missed_for_interview", "dispatches_missed_for_interview", "interview_organiser"),
    *("deputy_tie_break", "interview_notice_lead", "proposal_limit", "rectification_limit"),
    *("assessment_points", "referral_limit", "review_limit", "supervision_regulation_from"),
    *("issue_limit", "immediate_limit", "major_report_limit", "bad_review_limit", "hotline_limit"),
    *("reminder_lead", "weekly_board_due", "half_month_board_due", "bulletin_due", "risk_report_due"),
    *("ledger_due", "stocktake_due", "subplan_due", "taskforce_due", "visit_every", "evaluation_every"),
    *("progress_circular_every", "serious_lag", "inspections_per_month", "proposals_a_day"),
)
THRESHOLDS = {
    "output_threshold": 500_000_000,
    "tax_threshold": 50_000_000,
    "investment_threshold": 500_000_000,
}
MILESTONES = {
    "m1_government_data": ("2020-12-31", 100, 1),
    "m2_social_data": ("2020-12-31", 60, 1),
    "m3_central_inspection": ("2020-12-31", 100, 1),
    "m4_poverty": ("2020-12-31", 100, 1),
    "m5_prosperous": ("2020-12-31", 100, 1),
    "m6_beds": ("2020-12-31", 100, 1),
    "m7_physicians": ("2020-12-31", 100, 1),
    "m8_targets_2020": ("2020-12-31", 100, 26),
    "m9_halfway": ("2021-06-30", 50, 26),
}
# Lists in which every unit leads its own; in all others the first one leads.
EACH_LEADS = {"r08": 5, "r17": 11}
EXPRESSIONS = {
    *("市有关单位", "各区人民政府", "各县(市)区政府", "开发区管委会", "市各有关单位", "各县(市)区人民政府"),
    *("各省级及以上开发区", "市重点项目建设领导小组成员单位", "市各相关单位", "市环委会成员单位"),
    *("市“九大工程”各责任单位", "市疫情防控指挥部成员单位"),
}
UNIT_ROLES = {"owner", "unit_head", "unit_liaison"}


@cache
def book() -> Book:
    return read_book(FOLDER)


@cache
def written(section: str) -> Mapping[str, Any]:
    """A section as its file has it, by id."""
    found: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8")).get(section, {})
    return found


def texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(rule: Rule) -> Iterator[Actions]:
    return (each for each, _ in actions_of(rule, ()))


# ---------------------------------------------------------------- the book as a whole


def test_checks_without_errors() -> None:
    findings = check_book(FOLDER)
    errors = [str(each) for each in findings if each.severity == "error"]
    assert errors == []
    # Groups whose members the notice does not name wait for the office; nothing else is doubtful.
    doubts = [str(each) for each in findings if each.code != "empty_group"]
    assert doubts == [], "\n".join(doubts)
    assert len(findings) == len(EXPRESSIONS) - 1, "\n".join(map(str, findings))


def test_nothing_of_the_notice_is_in_the_libraries() -> None:
    found = [
        (path.name, line, word)
        for room in ("rules", "workflows")
        for path in sorted((ROOT / room / "library").rglob("*.yaml"))
        for line, word in of_the_notice(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# ---------------------------------------------------------------- clauses


def test_every_clause_is_there_once_and_word_for_word() -> None:
    clauses = written("clauses")
    assert list(clauses) == [f"a{number:03}" for number in range(1, 111)]
    assert len(book().clauses) == len(clauses)
    quoted = [quote for each in clauses.values() for quote in texts(each["zh"])]
    assert sha256("\n".join(quoted).encode()).hexdigest() == QUOTED


@pytest.mark.parametrize("id", sorted(written("clauses")))
def test_clause_lives_somewhere_or_says_why_not(id: str) -> None:
    clause = written("clauses")[id]
    if "text_only" in clause:
        assert "maps" not in clause
        assert min(map(len, (clause["text_only"]["zh"], clause["text_only"]["en"]))) > len("原则")
        return
    assert clause["maps"]
    for target in clause["maps"]:
        kind, _, name = target.partition(":")
        assert target == "book" or name in known(kind), target


def known(kind: str) -> set[str]:
    if kind == "item":
        return set(written("items"))
    return set(getattr(book(), PLACES[kind]))


def test_few_clauses_are_words_only() -> None:
    assert {id for id, clause in written("clauses").items() if "text_only" in clause} == {
        *("a005", "a006", "a013", "a014", "a035", "a040"),
    }


def test_every_rule_rests_on_a_clause_of_the_notice_or_on_the_law() -> None:
    places = {clause.clause for clause in book().clauses}
    based = {id: rule.spec.basis for id, rule in book().rules.items()}
    based |= {id: duty.spec.basis for id, duty in book().duties.items()}
    by_law = {id for id, basis in based.items() if basis == "《政府督查工作条例》第十七条"}
    assert by_law == {"review_asked", "review_deadline", "review_decided", "basis_gone"}
    assert {id: based[id] for id in set(based) - by_law if based[id] not in places} == {}


# ---------------------------------------------------------------- units, lists, leaders


def test_units_lists_and_groups() -> None:
    groups = book().groups
    lists = {id: groups[id].members for id in (f"r{number:02}" for number in range(1, 23))}
    leads = {lead for id, members in lists.items() for lead in (members if id in EACH_LEADS else members[:1])}
    assert len(groups["lead_units"].members) == len(leads) == 26
    assert set(groups["lead_units"].members) == leads
    assert set(groups["named_units"].members) == set(chain.from_iterable(lists.values()))
    assert len(groups["named_units"].members) == 39
    assert {id: len(lists[id]) for id in EACH_LEADS} == EACH_LEADS
    assert groups["risk_leads"].members == lists["r17"]
    assert {group.zh for group in groups.values()} >= EXPRESSIONS
    assert len(EXPRESSIONS) == 12


def test_no_alias_is_merged_silently() -> None:
    assert book().aliases
    assert {alias.decision for alias in book().aliases.values()} == {"separate"}


def test_every_unit_has_a_leader_in_charge() -> None:
    posts = set(book().groups["city_leaders"].members)
    assert len(posts) == 8
    without = {id for id, unit in book().units.items() if unit.leader not in posts}
    assert without == {"discipline_commission"}


# ---------------------------------------------------------------- volumes, by reckoning alone


@pytest.mark.parametrize(
    ("duty", "volume"),
    [
        ("weekly_dispatch", 1482),
        ("leader_dispatch", 208),
        ("half_month_board", 676),
        ("weekly_board", 57 * 7),
        ("programme_board", 57),
        ("risk_analysis", 143),
        ("risk_ledger", 55),
        ("stocktake", 13),
        ("progress_circular", 26),
        ("subplan", 26),
        ("taskforce", 26),
        ("phase1_assessment", 26),
        ("plan_2021", 26),
        ("gap_check", 26),
        ("lasting_rules", 26),
        ("champion", 8),
    ],
)
def test_volume(duty: str, volume: int) -> None:
    assert owed(duty) == volume


def owed(duty: str) -> int:
    found = book().duties[duty]
    return len(list(found.periods())) * len(found.owers)


def test_four_monthly_bulletins() -> None:
    bulletins = ("check_bulletin", "review_bulletin", "hotline_bulletin", "project_bulletin")
    assert sum(map(owed, bulletins)) == 52


def test_weekly_boards_are_owed_by_whoever_has_construction_tasks() -> None:
    items = written("items").values()
    whom = {item["for"] for item in items if item["with"].get("category") == "construction"}
    groups = book().groups
    units = {unit for each in whom for unit in (groups[each].members if each in groups else (each,))}
    assert units == set(groups["construction_leads"].members)


# ---------------------------------------------------------------- milestones and parameters


@pytest.mark.parametrize("id", MILESTONES)
def test_milestone(id: str) -> None:
    entry, (due, target, count) = written("items")[id], MILESTONES[id]
    whom = book().groups.get(entry["for"])
    assert entry["workflow"] == "milestone"
    assert (entry["with"]["due"], entry["with"]["target"]) == (due, target)
    assert (len(whom.members) if whom else 1) == count


@pytest.mark.parametrize("id", [*OPEN_QUESTIONS, *THRESHOLDS])
def test_parameter_is_visible_and_says_what_is_open(id: str) -> None:
    param = book().params[id]
    assert param.note is not None
    assert param.clause is not None or id in ("review_limit", "supervision_regulation_from")


def test_no_other_parameter() -> None:
    """That each is read by something, the book's own check says: it warns of what nothing reads."""
    assert set(book().params) == {*OPEN_QUESTIONS, *THRESHOLDS}
    assert {id: book().params[id].value for id in THRESHOLDS} == THRESHOLDS


@pytest.mark.parametrize("year", ["calendar year", "programme year", "rolling 12 months"])
def test_the_year_has_three_readings_and_counts_the_day_of_the_interview(year: str) -> None:
    found = read_book(FOLDER, {"interview_year": year}).measures["interviews_in_year"].spec
    assert (found.within, found.on) == (year, "held_on")


# ---------------------------------------------------------------- nothing by itself


def proposed() -> set[str]:
    rules = (rule.spec for rule in book().rules.values())
    return {opening.workflow for rule in rules for each in actions(rule) for opening in each.propose}


def test_what_is_proposed_is_decided_by_a_person() -> None:
    assert proposed() == {"interview", "accountability", "handling", "assessment"}
    for name in proposed():
        spec = book().workflows[name].spec
        first = [each for each in spec.transitions if spec.initial in each.from_ and each.to != spec.initial]
        assert any(set(each.by) - {"rule"} for each in first), name


def test_no_rule_moves_a_proposal_out_of_its_first_state() -> None:
    for rule in book().rules.values():
        for move in (each.move for each in actions(rule.spec) if each.move is not None):
            names = rule.workflows if move.item == "self" else tuple(book().workflows)
            for name in {*names} & {*proposed(), "referral"}:
                spec = book().workflows[name].spec
                leaving = [
                    each
                    for each in spec.transitions
                    if each.event == move.event and spec.initial in each.from_ and each.to is not None
                ]
                assert leaving == [], (rule.id, name, move.event)


def test_interviews_are_told_to_those_who_must_act() -> None:
    rules = book().rules
    assert "approver" in rules["decision_wanted"].spec.then.remind
    assert set(rules["unit_heard"].spec.then.notify) == {"unit_head", "unit_liaison"}
    notice = rules["interview_notice"].spec
    assert set(notice.then.notify) == {"unit_head", "unit_liaison", "chair"}
    assert notice.then.template == "interview_notice"
    assert set(notice.when.event) == {"notify", "postpone"}
    assert {role for rule in rules.values() for each in actions(rule.spec) for role in told(each)}.isdisjoint(
        {"referral_body"}
    )


def told(wanted: Actions) -> tuple[str, ...]:
    return (*wanted.remind, *wanted.notify)


def test_referrals_are_sealed_and_told_to_no_unit() -> None:
    spec = book().workflows["referral"].spec
    assert spec.sealed
    about = [rule for rule in book().rules.values() if "referral" in rule.workflows]
    assert about
    wanted = [each for rule in about for each in actions(rule.spec)]
    assert {role for each in wanted for role in told(each)} <= set(spec.readers)
    assert not {*spec.readers, *spec.opened_by} & UNIT_ROLES
    own = {each.template for each in wanted} | {each.document.template for each in wanted if each.document}
    others = {
        each.template for rule in book().rules.values() if rule not in about for each in actions(rule.spec)
    }
    assert not (own & others) - {None}


# ---------------------------------------------------------------- stories


@cache
def lived(name: str, folder: Path) -> Result:
    case = book().tests[name]
    return run_test(read_book(FOLDER, case.params) if case.params else book(), name, case, folder)


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stories")


def test_golden_timelines_are_all_told() -> None:
    assert {case.golden for case in book().tests.values()} - {None} == GOLDEN


HEAVY = {"half_month_board_days", "weekly_board_days"}


@pytest.mark.parametrize(
    "name",
    [
        # The golden timelines are told at every check, the other stories with all tests.
        name if case.golden and name not in HEAVY else pytest.param(name, marks=pytest.mark.slow)
        for name, case in sorted(book().tests.items())
    ],
)
def test_story_comes_true(name: str, stories: Path) -> None:
    assert lived(name, stories).failures == ()


@pytest.mark.slow
def test_every_rule_speaks_in_a_story(stories: Path) -> None:
    spoken: set[str] = set()
    for name in book().tests:
        lived(name, stories)
        office = Office.open(f"sqlite:///{stories / f'{name}.db'}")
        with office.store.read() as reader:
            spoken |= {str(counted.key[0]) for counted in reader.count_firings()}
        office.close()
    assert {id for id, rule in book().rules.items() if rule.occasion != "before"} - spoken == set()


def test_the_programme_touches_57_weeks() -> None:
    info = book().info.programme
    assert (info.start, info.end) == (date(2020, 8, 4), date(2021, 8, 31))
    weeks = list(book().duties["weekly_dispatch"].periods())
    assert (weeks[0].id, weeks[-1].id, len(weeks)) == ("2020-W32", "2021-W35", 57)
    assert book().params["lag_tolerance"].value == Decimal(10)
