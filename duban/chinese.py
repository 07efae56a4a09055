"""The store's errors in Chinese.

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


def in_chinese(sentence: str) -> str:
    """The sentence as it is where it is none of these."""
    for pattern, said in STORE:
        match = re.fullmatch(pattern, sentence, re.DOTALL)
        if match:
            return match.expand(said)
    return sentence
