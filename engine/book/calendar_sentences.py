"""What `rules.time` says of a calendar, a day or a duration that cannot be used, in Chinese.

The room below speaks English; what a sentence cites stays as it is.
"""

import re

SENTENCES = (
    (r"a calendar needs at least one year of data", "日历至少要有一年的数据"),
    (r"a year file has no year \(found (.+)\); .*", r"年度数据没有写年份（\1）：请写 year: 2026"),
    (r"year (\d+) is given twice; .*", r"\1 年写了两次：请留一处"),
    (r"year (\d+) is missing between (\d+) and (\d+)", r"\2 年与 \3 年之间缺少 \1 年"),
    (r"provisional is neither true nor false; .*", "provisional 只能写 true 或 false"),
    (r"a provisional year is followed by a published one; .*", "暂定的年份只能排在最后"),
    (r"(.+): unknown key '(.+)'; known are (.+)", r"\1：没有 \2 这个键，可用：\3"),
    (r"(.+): (\S+) is both off and worked; .*", r"\1：\2 既放假又上班，请留一处"),
    (r"(.+): (\S+) belongs into the file of (\d+)", r"\1：\2 应写在 \3 年"),
    (r"(.+): '(.+)' runs backwards", r"\1：\2 起止颠倒"),
    (r"(.+): '(.+)' is not a date; .*", r"\1：\2 不是日期，应写作 2020-10-01"),
    (r"hours (.+) are not a pair; .*", r'办公时间 \1 应写成一对，例如 ["08:30", "12:00"]'),
    (r"hours overlap or run backwards; .*", "办公时间重叠或颠倒：请按先后写，例如 08:30–12:00、14:30–17:30"),
    (r"hours_on says where .*", "hours_on 写的是与 hours 不同的星期几：请把 hours 也写上"),
    (r"'(.+)' is not a time of day; .*", r"\1 不是时刻，应写作 17:00"),
    (r"weekend (.+) holds something else .*", r"周末 \1 只能写 1（星期一）至 7（星期日）"),
    (r"every day of the week is a weekend: .*", "一周七天都是周末：至少留一天上班"),
    (r"calendar '(.+)': unknown zone '(.+)'; .*", r"日历 \1：没有时区 \2，请写例如 Asia/Shanghai"),
    (r"calendar '(.+)' has no hours; .*", r"日历 \1 没有办公时间，不能按工作小时计算：请写 hours"),
    (
        r"(\S+) lies outside the calendar \((\S+) to (\S+)\)",
        r"\1 不在日历范围内（\2 至 \3）",
    ),
    (
        r"(\S+) is before (\S+), where calendar '(.+)' begins; .*",
        r"\1 早于日历 \3 的第一天 \2：请补上更早年份的数据",
    ),
    (
        r"(\S+) is after (\S+), the furthest day calendar '(.+)' can guess at",
        r"\1 晚于日历 \3 能推算的最后一天 \2",
    ),
    (
        r"(-?\d+) workdays from (\S+) run out of calendar '(.+)' \((\S+) to (\S+)\)",
        r"从 \2 起数 \1 个工作日，超出日历 \3 的范围（\4 至 \5）",
    ),
    (
        r"(-?\d+) business minutes from (.+) run out of calendar '(.+)'",
        r"从 \2 起数 \1 工作分钟，超出日历 \3 的范围",
    ),
    (r"'(.+)' is not a duration; .*", r"读不懂时长 \1：请写数字和单位，例如 5 workdays"),
    (r"'(.+)' has no unit; .*", r"时长 \1 没有单位：请写 \1 workdays、\1 days 或 \1 hours"),
    (
        r"'(.+)': unknown unit '(.+?)'.*",
        r"时长 \1 的单位 \2 不认识：可写 workdays、days、hours、business hours、weeks、months",
    ),
    (r"'(.+)': (.+) is not a whole number; .*", r"时长 \1 不是整数：请换小一些的单位"),
    (r"'(.+)' is out of bounds; .*", r"时长 \1 超出范围"),
    (r"'(.+)' has no length of its own; .*", r"\1 是比例，本身没有长度"),
)


def in_chinese(sentence: str) -> str:
    """What is not in the table stays as it is."""
    for english, chinese in SENTENCES:
        found = re.fullmatch(english, sentence.removesuffix(" (in quotation marks)"), re.DOTALL)
        if found:
            return found.expand(chinese)
    return sentence
