"""The first programme is data: its units, words and sentences stay in its book, tests and documents."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import texts

BOOK = Path("duban/books/wuhu-2020")
ALLOWED = (BOOK, Path("tests"), Path("docs"), Path("README.md"), Path("CHANGELOG.md"))

UNITS = (
    *("市政府办", "市政府督查室", "市效能办", "市数据资源局", "市信访局", "市传媒中心", "市住建局"),
    *("市自然资源和规划局", "市财政局", "大桥开发区管委会", "市建投公司", "市发改委", "市重点工程管理处"),
    *("市交通运输局", "市水务局", "市轨道交通和隧道建设管理办公室", "市委编办", "市市场监管局", "市司法局"),
    *(
        "市经信局",
        "市金融监管局",
        "市文旅局",
        "市生态环境局",
        "市投促中心",
        "市环委办",
        "市扶贫办",
        "市公安局",
    ),
    *("市商务局", "市科技局", "市外事办", "市应急管理局", "市卫健委", "市金融管理局", "市民生办", "市人社局"),
    *("市农业农村局", "市宜居公司", "市城管局", "市民政局"),
)
GROUPS = (
    *("市有关单位", "市各有关单位", "市各相关单位", "各区人民政府", "各县(市)区", "各省级及以上开发区"),
    *("市环委会成员单位", "市重点项目建设领导小组", "市疫情防控指挥部", "驻芜", "皖江江北"),
)
WORDS = (
    *("芜湖", "芜政办", "Wuhu", "0553-12345", "一抓双比", "双比五提升", "比作风、比效能", "三个以案"),
    *(
        "市长在现场",
        "亲切服务",
        "初心热线",
        "四督四保",
        "四送一服",
        "三大一强",
        "九大工程",
        "1+9+N",
        "拆而未净",
    ),
    *("互联网+政务服务", "宅基地试点", "灾后重建", "项目建设提速"),
)
SENTENCES = (
    "排在第一位的为牵头单位",
    "专项行动从方案发布之日起施行",
    "收集报送、精准交办、限时办结、结果反馈、问题销号",
    "是抓落实的第一责任主体",
    "工程建设类任务按周制作看板",
    "其余任务每半月制作看板",
    "每周至少调度一次",
    "每半月至少调度一次",
    "第一时间报市政府协调调度",
    "按月进行重点约谈",
    "约谈由市政府分管负责同志主持",
    "第二次及以上被约谈",
    "由市政府主要负责同志主持",
    "纳入市政府目标管理绩效考核",
    "及时移交市纪委",
    "查遗补缺,固强补弱",
)
# 四(二)4, 二(一)¶3: how the notice numbers its clauses; a law is cited by article
CLAUSE = r"[一二三四][((][一二三四五][))]\s?[¶\d]"
OF_THE_NOTICE = re.compile(
    "|".join([*map(re.escape, (*UNITS, *GROUPS, *WORDS, *SENTENCES)), CLAUSE]), re.IGNORECASE
)


def of_the_notice(text: str) -> list[tuple[int, str]]:
    return [
        (number, match.group())
        for number, line in enumerate(text.splitlines(), start=1)
        for match in OF_THE_NOTICE.finditer(line)
    ]


def test_nothing_of_the_notice_outside_its_book() -> None:
    looked_at = [
        (path, text) for path, text in texts() if not any(path.is_relative_to(place) for place in ALLOWED)
    ]
    assert any(path.parts[0] == "rules" for path, _ in looked_at)
    found = [f"{path}:{line}: {said}" for path, text in looked_at for line, said in of_the_notice(text)]
    assert not found, f"move it to {BOOK} or say it in general words:\n" + "\n".join(found)


def test_the_book_itself_is_recognised() -> None:
    """If the list of words were wrong, the book would look as innocent as the code."""
    said = {word for path, text in texts() if path.is_relative_to(BOOK) for _, word in of_the_notice(text)}
    if not said:
        pytest.skip(f"{BOOK} is not written yet")
    assert len(said & set(UNITS)) > len(UNITS) // 2


@pytest.mark.parametrize("text", ["lead: 市住建局", "basis: 四(二)4", "office: wuhu", "# 每周至少调度一次"])
def test_the_notice_is_recognised(text: str) -> None:
    assert of_the_notice(text)


@pytest.mark.parametrize(
    "text", ["basis: 条例第十四条", "zh: 督查室", "zh: 每周调度", "第二次约谈", "(一)总则"]
)
def test_general_words_are_free(text: str) -> None:
    assert not of_the_notice(text)
