"""What the shell says, in both languages: sentences as pairs, and the headings of its tables."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")


class Text(NamedTuple):
    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def language_of(environment: Mapping[str, str]) -> Language:
    """Chinese where the system speaks Chinese, else English."""
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, named), "").lower().startswith("zh") else "en"


HEADINGS: Mapping[str, Text] = {
    "about_label": Text("对象", "about"),
    "about": Text("项目", "about"),
    "finding": Text("情况", "finding"),
    "level_label": Text("结论", "verdict"),
    "act": Text("动作", "act"),
    "act_label": Text("动作", "act"),
    "actor": Text("谁", "who"),
    "as_of": Text("截至", "as of"),
    "at": Text("时间", "at"),
    "attempts": Text("次数", "tries"),
    "basis": Text("依据", "basis"),
    "because": Text("理由", "because"),
    "book": Text("规则册", "book"),
    "by": Text("办理人", "by"),
    "calendar": Text("日历", "calendar"),
    "chair_label": Text("主持", "chair"),
    "clock_label": Text("时限", "clock"),
    "closed": Text("已结", "closed"),
    "count": Text("累计", "count"),
    "counted": Text("计入", "counted"),
    "counts": Text("计入", "counts"),
    "created_at": Text("生成", "made"),
    "cost": Text("耗时", "took"),
    "day": Text("日期", "day"),
    "done": Text("此外", "what else"),
    "days_off": Text("放假", "days off"),
    "due": Text("到期", "due"),
    "due_soon": Text("临期", "due soon"),
    "email": Text("邮箱", "e-mail"),
    "ended_at": Text("结束", "ended"),
    "event": Text("事件", "event"),
    "agreed": Text("已同意", "agreed"),
    "approvers": Text("须几人", "takes so many"),
    "event_label": Text("含义", "meaning"),
    "excused": Text("免予", "excused"),
    "facts": Text("事实", "facts"),
    "first_year": Text("起", "from"),
    "from": Text("原状态", "from"),
    "green": Text("绿灯", "green"),
    "groups": Text("分组", "groups"),
    "half_days": Text("半天", "half days"),
    "held_on": Text("约谈日期", "held on"),
    "hours": Text("办公时间", "hours"),
    "id": Text("编号", "no."),
    "issued_on": Text("印发日期", "issued on"),
    "item": Text("事项", "item"),
    "items": Text("事项", "items"),
    "kept": Text("按时", "kept"),
    "kind": Text("类别", "kind"),
    "kind_label": Text("类别", "kind"),
    "label": Text("名称", "name"),
    "late": Text("逾期办结", "done late"),
    "leader_label": Text("分管领导", "leader in charge"),
    "light_label": Text("灯", "light"),
    "make_up": Text("调休上班", "make-up days"),
    "message": Text("说明", "message"),
    "missed": Text("未办", "not done"),
    "missed_at": Text("逾期时刻", "missed at"),
    "month": Text("月", "month"),
    "name": Text("姓名", "name"),
    "needs_label": Text("必填", "needs"),
    "needs": Text("必填", "needs"),
    "next_due": Text("最近到期", "next due"),
    "not_by": Text("回避", "not by"),
    "notices": Text("收到通知", "notices"),
    "number": Text("文号", "doc. no."),
    "obj": Text("对象", "object"),
    "of": Text("所属", "of"),
    "open": Text("在办", "open"),
    "nth": Text("第几次", "time"),
    "opened": Text("立项", "opened"),
    "opened_count": Text("立项", "opened"),
    "opened_at": Text("立项", "opened"),
    "outcome": Text("结果", "outcome"),
    "outcome_label": Text("结果", "outcome"),
    "overdue": Text("逾期", "overdue"),
    "owed": Text("应办", "owed"),
    "percent": Text("%", "%"),
    "period": Text("期间", "period"),
    "post": Text("岗位", "post"),
    "post_label": Text("岗位名称", "name of the post"),
    "proposes": Text("件数", "proposes"),
    "provisional": Text("暂定", "provisional"),
    "published_until": Text("公布至", "published until"),
    "reached": Text("走到", "reached"),
    "reason": Text("事由", "reason"),
    "red": Text("红灯", "red"),
    "result": Text("结果", "result"),
    "running": Text("未到期", "not yet due"),
    "rung": Text("阶梯", "rung"),
    "rule": Text("规则", "rule"),
    "rule_label": Text("规则", "rule"),
    "seq": Text("序号", "seq"),
    "source": Text("出处", "source"),
    "state": Text("状态", "state"),
    "state_label": Text("状态", "state"),
    "subject": Text("主题", "subject"),
    "takes_label": Text("选填", "takes"),
    "takes": Text("选填", "takes"),
    "test": Text("测试", "test"),
    "title": Text("标题", "title"),
    "to": Text("新状态", "to"),
    "to_label": Text("收件", "to"),
    "told": Text("告知", "tells"),
    "ts": Text("时间", "at"),
    "unit": Text("单位", "unit"),
    "unit_label": Text("单位", "unit"),
    "usual": Text("缺省", "usual"),
    "value": Text("取值", "value"),
    "weekday": Text("星期", "weekday"),
    "when": Text("何时", "when"),
    "where": Text("所在", "where"),
    "whole": Text("共", "in all"),
    "who_label": Text("谁可办", "who may"),
    "recused_label": Text("须回避", "recused"),
    "who": Text("谁可办", "who may"),
    "why": Text("理由", "why"),
    "workdays": Text("工作日", "workdays"),
    "workflow_label": Text("类型", "kind"),
    "column": Text("列", "column"),
    "file": Text("文件", "file"),
    "line": Text("行", "line"),
    "new": Text("新", "new"),
    "note": Text("说明", "note"),
    "old": Text("旧", "old"),
    "path": Text("路径", "path"),
    "what": Text("何事", "what"),
    "year": Text("年", "year"),
    "yellow": Text("黄灯", "yellow"),
}

LIGHTS: Mapping[str, Text] = {
    "none": Text("", ""),
    "green": Text("绿", "green"),
    "yellow": Text("黄", "yellow"),
    "red": Text("红", "red"),
}

NO_LIMIT = Text("没有时限", "no limit")
OUTCOMES: Mapping[str, Text] = {
    "running": Text("进行中", "running"),
    "paused": Text("暂停", "paused"),
    "met": Text("按时", "met"),
    "missed": Text("逾期", "missed"),
    "cancelled": Text("取消", "cancelled"),
    "lapsed": Text("届满", "lapsed"),
}

HOLD_STATES: Mapping[str, Text] = {
    "held": Text("暂扣", "held"),
    "waiting": Text("等候", "waiting"),
    "released": Text("已放行", "released"),
    "dropped": Text("不再提出", "dropped"),
}

# What entries of the log are about, where people read them; programs get the codes.
ACTS: Mapping[str, Text] = {
    "book.adopt": Text("启用规则册", "book adopted"),
    "book.migrate": Text("更换规则册", "book changed"),
    "book.refuse": Text("未能更换规则册", "book refused"),
    "brake.drop": Text("不再提出", "dropped"),
    "brake.hold": Text("暂扣", "held"),
    "brake.read": Text("查阅", "read"),
    "brake.release": Text("放行", "released"),
    "brake.set": Text("提出上限", "brake set"),
    "brake.settle": Text("不须提出", "nothing to propose"),
    "clock.extend": Text("延期", "extension"),
    "clock.lapse": Text("期间届满", "window over"),
    "clock.light": Text("灯变动", "light changed"),
    "clock.miss": Text("逾期", "missed"),
    "clock.pause": Text("中止计时", "clock stopped"),
    "clock.recompute": Text("重算期限", "counted anew"),
    "clock.resume": Text("恢复计时", "clock runs on"),
    "clock.retarget": Text("期限变动", "due date moved"),
    "clock.start": Text("起算", "clock began"),
    "clock.withdraw": Text("撤回逾期", "miss withdrawn"),
    "duty.open": Text("周期立项", "duty opened"),
    "item.agree": Text("同意", "consent"),
    "item.classify": Text("定级", "class"),
    "item.join": Text("并入", "joined"),
    "item.migrate": Text("转入新册", "migrated"),
    "item.move": Text("办理", "event"),
    "item.open": Text("立项", "opening"),
    "item.read": Text("查阅", "reading"),
    "item.refuse": Text("拒绝", "refusal"),
    "measure.publish": Text("公布指标", "measure published"),
    "office.outage": Text("停机", "outage"),
    "time.doubt": Text("时钟存疑", "clock doubted"),
    "time.believe": Text("时钟可信", "clock believed"),
    "notice.nobody": Text("无人可告知", "nobody to tell"),
    "office.create": Text("建立办公库", "office founded"),
    "park": Text("暂置", "set aside"),
    "post.hold": Text("登记人员", "post filled"),
    "rule.fire": Text("规则决定", "rule"),
    "rule.refused": Text("规则被拒绝", "rule refused"),
    "rule.shadow": Text("规则试行", "rule on trial"),
    "rule.unjudged": Text("规则未能判断", "rule not judged"),
    "unpark": Text("放行", "let go"),
}

NOTICE_STATES: Mapping[str, Text] = {
    "pending": Text("待发", "to be sent"),
    "sending": Text("发送中", "being sent"),
    "sent": Text("已发", "sent"),
    "unknown": Text("是否送达不明", "unknown whether it left"),
    "dead": Text("未能发出", "could not be sent"),
    "dropped": Text("不再需要", "no longer needed"),
}


def heading(key: str, language: Language) -> str:
    found = HEADINGS.get(key)
    return found.in_(language) if found else key.replace("_", " ")
