"""Known people on the library's workflows."""

import pytest

from tests.workflows.shelf import SHELF
from tests.workflows.story import CHEN, LI, RULE, SUN, WANG, ZHANG_SAN, ZHAO, Person, Story, person
from workflows.machine import Refused, begin

CLERK = person("接线员小周", "intake")
SECOND_CLERK = person("接线员小吴", "intake")
WINDOW = person("评价专员小孙", "review_desk")
REVIEWER = person("复核员老郑", "reviewer")
REFERRER = person("移送专员老钱", "referral_officer")


def answered_issue() -> Story:
    story = Story.of("issue", ZHANG_SAN, source="走访企业", kind="individual")
    story.does(CHEN, "assign", lead_unit="housing", focus="审批超期", due="2020-10-14")
    return story.does(LI, "accept").does(ZHANG_SAN, "answer", result="已办证")


def test_an_issue_goes_round_the_closed_loop() -> None:
    story = answered_issue()
    assert story.label.zh == "结果反馈"
    story.does(CHEN, "write_off")
    assert story.label.zh == "问题销号"
    assert story.fields["due"] == "2020-10-14"
    assert story.fields["major"] is False


def test_the_handler_cannot_write_off_even_if_he_sits_in_the_office_too() -> None:
    both = person("张三", "unit_liaison", "supervisor")
    assert answered_issue().refused(ZHANG_SAN, "write_off") == Refused(
        code="not_you",
        zh="销号（write_off）应由督查室提出；您对本事项没有这一身份，请转请其办理",
        en="write_off is for the supervision office; "
        "you do not have that role for this item, please ask them",
    )
    assert answered_issue().refused(both, "write_off") == Refused(
        code="separation",
        zh="您做过本事项的反馈结果（answer），按职责分离不能销号（write_off）；请由另一位同志（督查室）办理",
        en="you did answer on this item and may not do write_off as well (separation of duties): "
        "it takes another person from the supervision office",
    )


def test_a_written_off_issue_stays_closed() -> None:
    refused = answered_issue().does(CHEN, "write_off").refused(CHEN, "send_back", reason="反弹")
    assert refused.code == "closed"
    assert "请另立一件并注明原件" in refused.zh
    assert "open another item" in refused.en


def test_what_was_upheld_cannot_be_handed_back_again() -> None:
    story = Story.of("issue", CHEN)
    story.does(CHEN, "assign", lead_unit="housing", focus="职责不清", due="2020-10-14")
    story.does(LI, "hand_back", reason="不属本单位职责").does(CHEN, "uphold", reason="责任清单第三条")
    assert story.refused(LI, "hand_back", reason="仍不属本单位").code == "not_here"


def test_an_issue_without_a_solution_is_carried_forward_with_a_plan() -> None:
    story = Story.of("issue", CHEN)
    story.does(CHEN, "assign", lead_unit="housing", focus="历史遗留", due="2020-10-14").does(LI, "accept")
    story.does(LI, "ask_carry", plan="待规划调整", reason="现行规划不允许")
    story.does(CHEN, "carry_forward", plan="待规划调整", due="2021-06-30")
    assert story.label.zh == "挂账"
    story.does(ZHANG_SAN, "answer", result="规划已调整并办结").does(CHEN, "write_off")


def interview(by: Person = RULE) -> Story:
    return Story.of("interview", by, lead_unit="housing", reason="九月份两项任务滞后", nth=1)


def test_an_interview_is_proposed_approved_held_rectified_and_verified() -> None:
    story = interview().does(WANG, "approve", chair="vice_mayor_wang", planned_on="2020-10-14")
    story.does(CHEN, "notify", planned_on="2020-10-14", place="市政府三楼", attendees=("李主任",))
    story.does(CHEN, "hold", held_on="2020-10-14")
    story.does(CHEN, "order_measures", minutes="纪要", measures=["倒排工期"], due="2020-11-02")
    story.does(LI, "rectify_done", result="已赶上序时进度")
    story.does(CHEN, "send_back", opinion="仍有一项未完成").does(LI, "rectify_done", result="全部完成")
    assert story.refused(LI, "verify").code == "not_you"
    story.does(SUN, "verify")
    assert story.label.zh == "核查通过"
    assert story.fields["held_on"] == "2020-10-14"
    assert story.fields["measures"] == ("倒排工期",)


def test_nobody_is_interviewed_on_a_proposal_alone() -> None:
    refused = interview().refused(CHEN, "notify", planned_on="2020-10-14")
    assert refused.code == "not_here"
    assert refused.zh.startswith(
        "当前状态是待决定，通知（notify）只能在已批准时提出。现在可以：批准约谈（approve）——审批人"
    )
    assert refused.en.startswith(
        "the item is in state proposed, notify is for approved. Possible now: approve by"
    )
    assert interview().refused(RULE, "approve").code == "not_you"


def test_who_proposes_an_interview_does_not_approve_it() -> None:
    assert interview(by=SUN).refused(SUN, "approve").code == "separation"
    interview(by=SUN).does(WANG, "approve")


def test_an_interview_is_refused_waived_or_revoked_with_reasons() -> None:
    assert interview().refused(WANG, "refuse").code == "missing"
    assert interview().does(WANG, "refuse", opinion="滞后因汛情").label.zh == "不予约谈"
    waived = interview().does(WANG, "approve").does(LI, "explain", statement="数据漏报")
    assert waived.does(ZHAO, "waive", opinion="核实为漏报").label.zh == "免予约谈"
    revoked = interview().does(WANG, "approve").does(REVIEWER, "revoke", opinion="复核撤销滞后认定")
    assert revoked.label.zh == "已撤销"


def test_a_clue_is_transferred_by_two_and_leaves_no_trace_in_the_interview() -> None:
    assert all("clue" not in name for name in SHELF["interview"].spec.fields)
    story = Story.of("referral", CHEN, clue="虚报进度")
    story.does(REFERRER, "supplement", materials=["约谈纪要"])
    deputy = person("移送专员老钱", "referral_officer", "approver")
    assert story.refused(deputy, "approve").code == "separation"
    story.does(WANG, "approve")
    story.does(REFERRER, "transfer", transferred_on="2020-10-19", receiver="有权机关", letter_number="3号")
    story.does(REFERRER, "acknowledge", received_on="2020-10-20")
    assert SHELF["referral"].spec.sealed
    assert not {"supervisor", "unit_head", "unit_liaison"} & set(SHELF["referral"].spec.readers)


def test_an_extension_is_asked_by_one_and_decided_by_another() -> None:
    head_of_both = person("李主任", "unit_head", "supervisor")
    story = Story.of("extension", LI, new_due="2020-11-30", reason="汛情停工")
    assert story.refused(head_of_both, "approve").code == "separation"
    assert story.refused(CHEN, "refuse").code == "missing"
    story.does(CHEN, "approve", new_due="2020-11-16", opinion="同意延期半个月")
    assert story.fields["new_due"] == "2020-11-16"
    assert story.fields["reason"] == "汛情停工"


def test_an_extension_without_a_reason_is_not_even_opened() -> None:
    refused = begin(SHELF["extension"], LI.roles, {"new_due": "2020-11-30"})
    assert refused == Refused(
        code="missing", zh="立项还缺：延期理由（reason）", en="open still needs: reason (reason)"
    )


def test_whoever_acted_on_the_contested_item_keeps_out_of_its_review() -> None:
    story = Story.of("review", LI, grounds="滞后认定有误")
    story.doers["parent"] = frozenset({"孙主任", "王副市长"})
    biased = person("孙主任", "reviewer")
    refused = story.refused(biased, "take_up")
    assert refused.code == "separation"
    assert "办理过所涉的原事项" in refused.zh
    assert "acted on the item it is about" in refused.en
    story.does(REVIEWER, "take_up").does(REVIEWER, "overturn", opinion="漏报属实")
    assert story.label.zh == "撤销原结论"


def test_only_the_single_intake_opens_assigns_and_calls_back() -> None:
    opened = begin(SHELF["hotline"], LI.roles, {"request": "路灯不亮"})
    assert isinstance(opened, Refused)
    assert opened.zh == "热线工单应由受理席立项；您没有这一身份，请转请其办理"
    story = Story.of("hotline", CLERK, request="路灯不亮", kind="help")
    story.does(CLERK, "assign", lead_unit="housing", due="2020-09-18")
    story.does(RULE, "supervise", reason="超期未签收")
    story.does(ZHANG_SAN, "complete", result="已修复", outcome="resolved")
    story.does(CLERK, "call_back", satisfaction="satisfied").does(CLERK, "close")


def test_a_ticket_without_a_date_gets_the_usual_one_from_a_rule() -> None:
    story = Story.of("hotline", CLERK, request="路灯不亮")
    story.does(CLERK, "assign", lead_unit="housing")
    assert story.refused(CLERK, "set_due", due="2020-09-18").code == "not_you"
    story.does(RULE, "set_due", due="2020-09-18")
    assert story.label.zh == "交办"


def test_a_clerk_does_not_call_back_on_his_own_answer() -> None:
    story = Story.of("hotline", CLERK, request="社保咨询")
    story.does(CLERK, "answer_directly", result="已答复", outcome="resolved")
    assert story.refused(CLERK, "call_back", satisfaction="satisfied").code == "separation"
    story.does(SECOND_CLERK, "call_back", satisfaction="satisfied").does(
        CLERK, "redo", lead_unit="x", due="2020-09-18", reason="r"
    )


def test_a_bad_review_is_done_only_after_the_follow_up_review() -> None:
    story = Story.of("service_review", RULE, grade="dissatisfied")
    assert story.refused(CLERK, "feed_back", lead_unit="housing").code == "not_you"
    story.does(WINDOW, "feed_back", lead_unit="housing").does(LI, "accept")
    story.does(ZHANG_SAN, "report_result", result="增设窗口").does(CHEN, "pass_supervision")
    story.does(REVIEWER, "pass_recheck")
    assert story.refused(WINDOW, "close").code == "missing"
    assert story.refused(WINDOW, "close", follow_up_grade="dissatisfied").code == "wrong_value"
    story.does(WINDOW, "redo", grade="dissatisfied", reason="追评仍不满意")
    assert story.label.zh == "整改"


def test_a_task_is_not_finished_by_saying_so() -> None:
    story = Story.of("task", RULE, due="2020-12-31")
    story.does(ZHANG_SAN, "report", progress="57.5").does(ZHANG_SAN, "complete", result="全部完成")
    assert story.label.zh == "办结待验收"
    story.does(CHEN, "accept")
    assert story.label.zh == "验收销号"


@pytest.mark.parametrize(
    "id", ["accountability", "handling", "assessment", "interview", "referral", "bulletin"]
)
def test_no_rule_decides_what_hurts(id: str) -> None:
    spec = SHELF[id].spec
    into_final = [each for each in spec.transitions if each.to and spec.states[each.to].final]
    # A rule may take back what it proposed; that hurts nobody.
    assert {each.event for each in into_final if "rule" in each.by} <= {"withdraw"}


def test_a_late_board_is_still_welcome_and_needs_nothing_but_itself() -> None:
    assert Story.of("board", RULE, period="2020-W41").does(LI, "file").label.zh == "已报送"


def test_a_leader_in_charge_passes_a_major_problem_up() -> None:
    story = Story.of("coordination", LI, problem="征迁停滞", request="协调两区")
    story.does(WANG, "pass_up", reason="需主要负责同志决定").does(ZHAO, "dispatch", decisions=["月底前完成"])
    story.does(LI, "answer", result="已完成征迁").does(CHEN, "resolve")
    assert story.label.zh == "已解决"
