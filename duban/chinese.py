"""Sentences of the rooms below in Chinese: the store's errors, and what went wrong in a book's tests.

They are made in English, because logs and operators speak it. What a sentence cites stays as it is.
"""

import re

STORE = (
    (
        r"(.+) does not exist: .*",
        r"\1 不存在：请先用 `duban init` 建立办公库，或更正路径（--store、DUBAN_STORE）",
    ),
    (r"(.+) exists already: .*", r"\1 已经存在：请直接打开它，或换一个名字"),
    (r"(.+) is a folder: .*", r"\1 是文件夹：请写出其中的库文件"),
    (r"(.+) is not a folder: .*", r"\1 不是文件夹：请先建立，或更正路径"),
    (r"(.+) may not be read: .*", r"\1 没有读取权限：请给当前用户读取权限"),
    (r"(.+) may not be written: .*", r"\1 没有写入权限：请给当前用户写入权限，或换一个文件夹"),
    (r"(.+) is not a SQLite database: .*", r"\1 不是 SQLite 数据库：请写 `duban init` 建立的库文件"),
    (
        r"(.+) is a SQLite database of another program: .*",
        r"\1 是其他程序的 SQLite 数据库：请写 `duban init` 建立的库文件",
    ),
    (r"(.+) is cut short: .*", r"\1 被截断：请从备份恢复，并保留损坏的文件以备检查"),
    (r"(.+) is damaged: .*", r"\1 已损坏：请从备份恢复，并保留损坏的文件以备检查"),
    (r"(.+) is being written by another program: .*", r"\1 正被其他程序写入：请稍后再试，或停止那个程序"),
    (
        r"(.+) has schema (\d+), this duban needs (\d+) .*",
        r"\1 的结构版本是 \2，本版 duban 需要 \3，而本版还不能转换：请用建立它的那一版 duban 打开",
    ),
    (
        r"(.+) has schema (\d+), this duban knows only (\d+): .*",
        r"\1 的结构版本是 \2，本版 duban 只认识到 \3：请安装更新的 duban",
    ),
    (r"(.+) cannot be opened: .*", r"\1 打不开：所在文件夹必须存在并可写"),
    (r"no room left on the disk of (.+?): .*", r"\1 所在磁盘已满：请腾出空间，数据没有丢失"),
    (
        r"the disk of (.+) failed: .*",
        r"\1 所在磁盘出错：请检查磁盘，再用 `duban audit verify` 验证日志是否完整",
    ),
    (r"(.+) is empty: .*", r"\1 是空文件：请删除它，再用 `duban init` 建立办公库"),
    (r"(.+) lacks a (?:table|column) of this version: .*", r"\1 缺少本版所需的表或列：请从备份恢复"),
    (r"(.+) is no database address: .*", r"\1 不是数据库地址：请写 sqlite:///office.db"),
    (r"(.+) is not supported by this version: .*", r"本版不支持 \1：请写 sqlite:///office.db"),
    (r"a store needs a file to remember in: .*", r"办公库需要一个文件：请写 sqlite:///office.db"),
    (r"(.+) holds no book yet: .*", r"\1 中还没有规则册：请用 `duban init` 建立"),
)


PICKS = (
    (r"no step before has named an item (`.+`) \(named: (.+)\)", r"前面没有步骤给事项起名 \1（已有：\2）"),
    (r"exactly one item is meant by (.+), there are (\d+): (.+)", r"\1 应恰好指一件事项，实有 \2 件：\3"),
    (r"the happening (`.+`) must say by whom it is opened", r"情景事件 \1 应写明由谁立项（by）"),
    (r"the happening (`.+`) was refused: (.+)", r"情景事件 \1 被拒绝：\2"),
    (r"(`.+`) could not be opened: (.+)", r"\1 未能立项：\2"),
)
TESTS = (
    (r"(\w+) on (\S+) should be refused as (\w+), it was done", r"\2 的 \1 应被拒绝（\3），却办成了"),
    (
        r"(\w+) on (\S+) was refused as (\w+) \(expected (\w+)\): (.+)",
        r"\2 的 \1 被拒绝（\3，预期 \4）：\5",
    ),
    (r"(\w+) on (\S+) was refused as (\w+): (.+)", r"\2 的 \1 被拒绝（\3）：\4"),
    (r"it should be quiet, but rules spoke (\d+) times: (.+)", r"应当无事，但规则作出决定 \1 次：\2"),
    (
        r"(\w+) on (\S+) was refused, but not in the words (.+): (.+) \| .+",
        r"\2 的 \1 被拒绝，但没有说“\3”：\4",
    ),
    (r"(\S+) should have no clock (\w+), it is (\w+)", r"\1 不应有时限 \2，实为 \3"),
    (r"(\S+) for (\S+): possible should be (.+), it is (.+)", r"\1 上 \2 可提出的应为 \3，实为 \4"),
    (r"expected (\d+) item\(s\) (.+), found (\d+): (.+)", r"应有 \1 件事项 \2，实有 \3 件：\4"),
    (r"(.+): (\w+) should be (.+), it is (.+)", r"\1 的 \2 应为 \3，实为 \4"),
    (r"(\S+) has no clock (\w+) \(it has: (.+)\)", r"\1 没有时限 \2（有：\3）"),
    (r"expected a notice (.+), there is none", r"应有通知 \1，实际没有"),
    (r"expected (\d+) notices (.+), found (\d+): (.*)", r"应有通知 \1 份 \2，实有 \3 份：\4"),
    (r"expected a document (.+), there is none", r"应有文书 \1，实际没有"),
    (r"expected (\d+) documents (.+), found (\d+): (.*)", r"应有文书 \1 份 \2，实有 \3 份：\4"),
    (r"expected a decision (.+), there is none", r"规则应作出决定 \1，实际没有"),
    (r"expected (\d+) decisions (.+), found (\d+): (.*)", r"规则应作出决定 \1 次 \2，实有 \3 次：\4"),
)
STEP = re.compile(r"step (\d+) at (\S+(?: \S+)*?): (.+)", re.DOTALL)


def in_chinese(sentence: str) -> str:
    """The sentence as it is where it is none of these."""
    step = STEP.fullmatch(sentence)
    if step:
        return f"第 {step[1]} 步（{step[2]}）：{in_chinese(step[3])}"
    for pattern, said in (*STORE, *PICKS, *TESTS):
        match = re.fullmatch(pattern, sentence, re.DOTALL)
        if match:
            return match.expand(said)
    return sentence
