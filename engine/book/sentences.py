"""Sentences for what the models refuse: by pydantic's kind of error, and for the models' own complaints."""

from rules.office import RELATIVE

_TEXT = (
    "应为文字；若是数字或 true、false，请加引号",
    "must be text: put numbers and true or false into quotation marks",
)
_YES_NO = ("应为 true 或 false", "must be true or false")
_WHOLE = ("应为整数", "must be a whole number")
_NUMBER = ("应为数字", "must be a number")
_DATE = ("应为日期，写作 2020-10-01", "must be a date, written as 2020-10-01")
_MAPPING = ("应写成 键: 值 的形式", "must be written as key: value")
_LIST = ("应为列表", "must be a list")

SHAPES = {
    "string_type": _TEXT,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "string_pattern_mismatch": ("格式不对，应符合 {pattern}", "is not of the form {pattern}"),
    "string_too_short": ("太短，至少 {min_length} 个字", "is too short, at least {min_length} characters"),
    "string_too_long": ("太长，最多 {max_length} 个字", "is too long, at most {max_length} characters"),
    "too_short": ("至少要有 {min_length} 项", "must hold at least {min_length}"),
    "too_long": ("最多只能有 {max_length} 项", "may hold at most {max_length}"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
}

ONE_VALUE = ("应为一个值：文字、数字、true 或 false", "must be one value: text, a number, true or false")
_ID = (
    "只能用小写英文字母、数字和下划线，以字母开头",
    "may hold only small letters a-z, digits and _, beginning with a letter",
)
PATTERNS = {
    r"^[a-z][a-z0-9_]*$": _ID,
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$": _ID,
    r"^(parent\.)?[a-z][a-z0-9_]*$": (
        "应写作 <事件> 或 parent.<事件>",
        "must be an event, or parent.<event>",
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$": (
        "应为时刻，写作 17:00",
        "must be a time of day, written as 17:00",
    ),
    r"^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d$": (
        "应为日期和时刻，写作 2020-10-09 09:00",
        "must be a day and time, written as 2020-10-09 09:00",
    ),
    r"^(\d{4}-\d{2}-\d{2} )?([01]\d|2[0-3]):[0-5]\d$"
    r"|^\+\d{1,4} (minute|hour|day|workday|week|month)s?( at ([01]\d|2[0-3]):[0-5]\d)?$": (
        "应写作 2020-10-09 09:00、09:00(同一天) 或 +3 workdays at 09:00(上一步之后)",
        "must be written as 2020-10-09 09:00, 09:00 (the same day) or +3 workdays at 09:00",
    ),
    RELATIVE: (
        "应为 unit.head、unit.liaison、unit.leader，上级单位的 unit.part_of.head、unit.<类别>.head，"
        "item.owner、item.<岗位字段> 或 item.<单位字段>.head",
        "must be unit.head, unit.liaison or unit.leader, these of unit.part_of or unit.<kind>, "
        "item.owner, item.<post field> or item.<unit field>.head",
    ),
    r"^(=.*\S|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)$": (
        "应为角色、单位或岗位，或以 = 开头的表达式，例如 =item.investigator",
        "must be a role, a unit or a post, or an expression such as =item.investigator",
    ),
    r"^item\.[a-z][a-z0-9_]*$": ("应写作 item.<字段>", "must be written as item.<field>"),
    r"^\d{4}-\d{2}-\d{2}$": _DATE,
    r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$": (
        "应为日期或起止日期，写作 2020-10-01 或 2020-10-01..2020-10-08",
        "must be a day or a run of days, written as 2020-10-01 or 2020-10-01..2020-10-08",
    ),
    r"^[1-9][0-9]*(\+|\.\.[1-9][0-9]*)?$": ("应写作 1、2+ 或 3..5", "must be written as 1, 2+ or 3..5"),
    r"^[A-Z]{1,6}$": ("应为一至六个大写英文字母", "must be one to six capital letters"),
    r"^(due( or after \d{1,3} workdays?)?|after \d{1,3} workdays?|every [1-9]\d{0,2} days)$": (
        "应写作 due、due or after 5 workdays、after 2 workdays 或 every 7 days",
        "must be written as due, due or after 5 workdays, after 2 workdays or every 7 days",
    ),
}

# The models speak English; this is the same in Chinese. A test keeps both in step.
_PAIRS = (
    (
        "words are missing: write `zh` or `en`, one of the two is enough",
        "缺少名称：请写 zh 或 en，写一种就够",
    ),
    (
        "a pause has either `states` or `from` (events), one of the two",
        "中止事由写 states(状态)或 from(事件)，二者择一",
    ),
    (
        "a pause by `states` ends when the item leaves them: `until` goes with `from`",
        "按 states 中止的，离开这些状态就恢复：until 要与 from 一起写",
    ),
    (
        "an extension is either `by` a duration or `to` a date, one of the two",
        "延期写 by(时长)或 to(日期)，二者择一",
    ),
    ("`admits` is of a window: add `window: true`", "admits 只用于期间：请加 window: true"),
    (
        "a clock needs `stops`: the states in which the duty is done, or `stopped_by`",
        "时限要写 stops：到哪些状态就算办结；或 stopped_by：发生哪些事件就算办结",
    ),
    (
        "`again` asks the `if` of a pause by `states` anew: write both",
        "again 是对按 states 中止的 if 再问：states 和 if 都要写",
    ),
    ("`unit` is given exactly when the decision is `same`", "认定为 same 时才写 unit，且必须写"),
    (
        "a role is one of `posts: […]`, `is: unit.head` and `mail: item.<field>`",
        "角色写 posts: […]、is: unit.head 或 mail: item.<字段>，三者择一",
    ),
    (
        "whom an item names by `mail` is outside the office: add `external: true`",
        "mail 所指的是机关以外的人：请加 external: true",
    ),
    ("`name` goes with `mail`: posts have names of their own", "name 与 mail 一起写：岗位另有姓名"),
    (
        "a clock has either `due` (a field) or `budget` (a duration), one of the two",
        "时限写 due(字段)或 budget(时长)，二者择一",
    ),
    (
        "a measure has exactly one of `items`, `clocks`, `events`, `is`, `rank`, `periods`",
        "指标只能写 items、clocks、events、is、rank、periods 中的一种",
    ),
    (
        "what is calculated from other measures has no window, filter or field of its own",
        "由其他指标算出的指标没有自己的窗口、条件和字段：请写在被算的指标上",
    ),
    (
        "`of` names the workflows for `clocks` and `events`; `items` names them itself",
        "数 clocks 或 events 时用 of 写明流程；数 items 时不写 of",
    ),
    (
        "`field` is missing: sum, average, least, greatest and distinct are of a field",
        "缺少 field：sum、average、least、greatest、distinct 都要写明字段",
    ),
    (
        "`field` is of no use to a count: write `reduce: sum`, latest, average, …",
        "计数不用写 field：请写 reduce: sum、latest、average 等",
    ),
    (
        "`each_at_most`, `at_most` and `at_least` are for `reduce: sum`",
        "each_at_most、at_most、at_least 只用于 reduce: sum",
    ),
    (
        "`sample` goes with `is`: a rate that is unknown below a number of cases",
        "sample 与 is 一起写：样本不足时比率未知",
    ),
    (
        "`over` is for measures of units: only units are part of one another",
        "over 只用于 for: unit 的指标：只有单位才有上下级",
    ),
    (
        "`same` is for measures of items: it compares with the item itself",
        "same 只用于 for: item 的指标：它与本事项自己的字段比较",
    ),
    (
        "`rows` says for which units and `row` what each line is: they go together",
        "rows（哪些单位）和 row（每行写什么）要一起写",
    ),
    ("`order` puts lines in order: it goes with `rows`", "order 是各行的顺序，要与 rows 一起写"),
    (
        "`for: =…` names one for all: with `for_each` it is a role, or left out",
        "for: =… 只得出一个责任对象：与 for_each 一起时应写角色，或者不写",
    ),
    (
        "`by` is for measures of units and owners: it names who is counted",
        "by 只用于 for: unit 或 owner 的指标：它写明算在谁的名下",
    ),
    ("only units and owners have a rank", "只有单位和岗位才有名次"),
    (
        "`fixed_by` is for measures of units, owners and the office: they have periods",
        "fixed_by 只用于单位、岗位或全局的指标：它们才有周期",
    ),
    (
        "`within` is for ranks of units: only units are part of one another",
        "within 只用于单位的名次：只有单位才有上下级",
    ),
    (
        "`when` is exactly one of clock, every, dates, event, before, change",
        "when 只能写 clock、every、dates、event、before、change 中的一种",
    ),
    (
        "`every` and `on` go together: every: month, on: first workday at 09:00",
        "every 与 on 要一起写，例如 every: month, on: first workday at 09:00",
    ),
    (
        '`dates` and `at` go together: dates: sittings, at: "09:00"',
        'dates 与 at 要一起写，例如 dates: sittings, at: "09:00"',
    ),
    (
        "named dates are either `days: […]` or `every` with `on`, one of the two",
        "列明的日子写 days: […]，或写 every 和 on，二者择一",
    ),
    (
        "`every` and `on` go together: every: month, on: [day 1, day 15]",
        "every 与 on 要一起写，例如 every: month, on: [day 1, day 15]",
    ),
    (
        "`roll` goes with `every`: days listed one by one are as they are written",
        "roll 只与 every 一起写：逐日列明的，写哪天就是哪天",
    ),
    (
        "`times` goes with `every`: a rung that does not come again speaks once",
        "times 要与 every 一起写：不重复的梯级只说一次",
    ),
    (
        "`before: open` stands alone: before it is opened there is no item to read",
        "before: open 要单独写：立项之前还没有事项可读",
    ),
    (
        "`each` and `for_each` are two rules: one item for each text, or for each unit",
        "each 与 for_each 只能写一个：逐条文字立项，或逐个单位立项",
    ),
    (
        "`workflow` says which parent or children are meant: write `item: children`",
        "workflow 指明移动哪一类上级或下级事项：请写 item: children 或 item: parent",
    ),
    (
        "a threshold is a number (reached from there on), or a text such as `> 3` or `>= 3`",
        "界限写数字(达到即算)，或写作 > 3、>= 3",
    ),
    ("`if` of a level is a condition", "等级的 if 要写条件"),
    (
        "a rule has a ladder by time or one by count: open an item, or count when it is opened",
        "一条规则只能有一种阶梯，ladder 或 times：请先立项，立项时再计次",
    ),
    ("`ladder` goes with `when: {clock: …}`", "ladder 与 when: {clock: …} 要一起写"),
    ("`times` and `count` go together", "times 与 count 要一起写"),
    (
        "the rule wants nothing: write `then`, `ladder` or `times`",
        "规则什么也不要求：请写 then、ladder 或 times",
    ),
    (
        "a clause has `maps`, or `text_only` with the reason, one of the two",
        "条款写 maps，或写 text_only 并说明理由，二者择一",
    ),
    ("a measure is of one unit, one post or one item", "指标只能是一个单位、一个岗位或一个事项的"),
    ("say which `measure`, or which `fact`, one of the two", "写 measure(指标)或 fact(事实)，二者择一"),
    (
        "say whose: the `item`, or the `unit`, that the fact is of",
        "请写明是谁的：item(事项)，或 unit(单位)",
    ),
    ("say what the measure `is`, or `unknown: true`", "请写指标应为多少（is），或写 unknown: true"),
    (
        "`says` are the words of a refusal: write `refused` with its code as well",
        "says 是拒绝的话：请同时写 refused 和拒绝代码",
    ),
    (
        "an item is about one `unit`, or there is one for each of the `units` of a group",
        "unit 写一个单位，units 写一个分组(每个单位各立一件)，二者只写一个",
    ),
    (
        "`at_least` and `at_most` are for fields of type int, number and duration",
        "at_least、at_most 只用于 int、number 和 duration 类型的字段",
    ),
    (
        "`at_least` and `at_most` are numbers; of fields of type duration they are durations: 60 days",
        "at_least、at_most 写数字；duration 类型的字段写时长，如 60 days",
    ),
    (
        "`at_least` is more than `at_most`: no value would be allowed",
        "at_least 大于 at_most：没有可以填的值",
    ),
    ("`past` is for fields of type date and moment", "past 只用于 date 和 moment 类型的字段"),
    (
        "an opening is refused to somebody: write `by`, the post that tries",
        "立项被拒绝总有立项的人：请写 by(由哪个岗位立项)",
    ),
    (
        "of items that are not there nothing more can be expected: leave out `count: 0`",
        "没有的事项谈不上别的预期：请删去 count: 0，或删去其他预期",
    ),
    (
        "of a clock that is absent nothing more can be expected",
        "没有的时限谈不上别的预期：请删去 absent，或删去其他预期",
    ),
    ("a rule speaks about one unit, one post or one item", "规则针对一个单位、一个岗位或一件事项"),
    (
        "nothing is expected here, so nothing can fail: write what must be true",
        "这里没有任何预期，永远不会失败：请写明应当怎样",
    ),
    (
        "each post is named once under `people`: it is vacant, or one person holds it",
        "people 中每个岗位只写一次：或空缺，或由某人担任",
    ),
    (
        "`same` lists two posts or more that one person holds: [[head, deputy]]",
        "same 每组列出一人担任的两个以上岗位：[[head, deputy]]",
    ),
    ("this test expects nothing, so it cannot fail: add `expect`", "测试没有预期，永远不会失败：请加 expect"),
    (
        "the steps of `timeline` go forward in time, from `begins` on",
        "timeline 的各步从 begins 起按时间先后排列",
    ),
    (
        "`readers` is only for sealed workflows: add `sealed: true` or drop it",
        "readers 只用于保密流程：请加 sealed: true，或删去它",
    ),
    (
        "a sealed workflow nobody may read: name the roles in `readers`",
        "保密流程没有人可以看：请在 readers 中写明角色",
    ),
)
SENTENCES = dict(_PAIRS)
