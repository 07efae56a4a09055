"""The facts that the stories about conditions read."""

import pytest

from rules.cel import Fact, Facts, Kind


@pytest.fixture(scope="session")
def facts() -> Facts:
    return Facts(
        [
            Fact(name="unit.lagging_items", kind=Kind.INT, zh="滞后事项数", en="lagging items"),
            Fact(name="unit.boards_missed", kind=Kind.INT, zh="未报看板次数", en="boards missed"),
            Fact(
                name="unit.interviews_this_year",
                kind=Kind.INT,
                zh="年内约谈次数",
                en="interviews in the year",
                aliases=("单位.年内约谈次数",),
            ),
            Fact(name="unit.satisfaction", kind=Kind.NUMBER, zh="满意率", en="the satisfaction rate"),
            Fact(name="unit.is_district", kind=Kind.BOOL, zh="属于区级单位", en="the unit is a district"),
            Fact(name="params.missed_for_interview", kind=Kind.INT, zh="约谈所需次数", en="the limit"),
            Fact(
                name="item.state",
                kind=Kind.TEXT,
                one_of=("assigned", "handling", "closed"),
                zh="状态",
                en="the state",
            ),
            Fact(name="item.title", kind=Kind.TEXT, zh="标题", en="the title"),
            Fact(
                name="item.tags",
                kind=Kind.LIST,
                of=Kind.TEXT,
                one_of=("flood", "fire"),
                zh="标签",
                en="the tags",
            ),
            Fact(name="item.due", kind=Kind.MOMENT, optional=True, zh="到期时间", en="the due moment"),
            Fact(name="item.waited", kind=Kind.SPAN, zh="已等待", en="the wait"),
            Fact(name="item.grade", kind=Kind.INT, optional=True, zh="等级", en="the grade"),
            Fact(name="now", kind=Kind.MOMENT, zh="现在", en="now"),
        ]
    )
