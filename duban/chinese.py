"""The store's errors in Chinese.

They are made in English, because logs and operators speak it. What a sentence cites stays as it is.
"""

import re

USUAL = "请写 sqlite:///office.db 或 postgresql://user@host/database"
SERVER = (
    (
        r"(.+) is no name for a schema: .*",
        r"\1 不能作模式名：请用小写字母、数字和下划线，例如 ?schema=office",
    ),
    (r"(.+) is no name for a role: .*", r"\1 不能作角色名：请用小写字母、数字和下划线"),
    (r"(.+) is no role of (.+): .* (CREATE ROLE .*)", r"\2 没有角色 \1：请先由服务器的所有者执行 \3"),
    (r"(.+) is a file and knows no roles: .*", r"\1 是文件，没有角色之分：请给对方该文件及所在文件夹的权限"),
    (r"a store needs a database: .*", r"地址中没有数据库：请写 postgresql://user@host/database"),
    (r"(.+) needs the driver psycopg: .*", r"\1 需要驱动程序 psycopg：请执行 pip install 'duban[postgres]'"),
    (r"(.+) exists already: .* schema", r"\1 已经存在：请直接打开它，或换一个模式"),
    (r"(.+) holds tables of another program: .*", r"\1 中有其他程序的表：请换一个模式"),
    (r"(.+) does not exist: .* address", r"\1 不存在：请先用 `duban init` 建立办公库，或更正地址"),
    (r"(.+) took too long over a statement: .*", r"\1 执行一条语句太久：请稍后再试，并查看服务器是否繁忙"),
    (
        r"(.+) cut this program off, because it held the store .*",
        r"\1 断开了本程序，因为它占着办公库不动：什么也没有写入",
    ),
    (r"(.+) may not be written: this server .*", r"\1 只能读：所连的是备库或只读服务器，请写主库的地址"),
    (
        r"(.+) may not be used so by this role: .*",
        r"\1 没有给这个角色此项权限：请由所有者执行 `duban store grant`",
    ),
    (r"(.+): there is no such database: .*", r"\1：没有这个数据库，请由服务器的所有者建立，或更正地址"),
    (
        r"the server of (.+) has no memory left: .*",
        r"\1 所在服务器内存不足：什么也没有写入，请查看它是否繁忙",
    ),
    (
        r"(.+) has no connection free: .*",
        r"\1 的连接已用完：请停止一个使用该服务器的程序，或调高 max_connections",
    ),
    (r"(.+) was changed past the writer's lock: .*", r"\1 有人绕过写锁改动：本次什么也没有写入，请查明是谁"),
    (r"(.+) is damaged: .* server .*", r"\1 已损坏：请从备份恢复，并保留损坏的服务器以备检查"),
    (r"(.+) did not let this role in: .*", r"\1 拒绝了这个角色：请更正角色、密码文件或服务器的 pg_hba.conf"),
    (r"the server of (.+) is stopping or starting: .*", r"\1 所在服务器正在停止或启动：请等它运行后再试"),
    (r"the server of (.+) cannot be reached: .*", r"\1 所在服务器连不上：请启动它，或更正地址"),
    (r"(.+) holds a null character, .*", r"\1 含有空字符（U+0000），不是每种数据库都能保存：请去掉"),
    (r"the connection to (.+) was lost: .*", r"与 \1 的连接断了：请再试一次"),
    (
        r"the answer of (.+) was lost: .*",
        r"没有收到 \1 的答复：刚才所办或者全部写入，或者全未写入，请先查看再决定是否重办",
    ),
)
BACKUPS = (
    (r"hold (\d+) has been decided already: .*", r"暂扣 \1 已经处理过：请用 `duban hold show \1` 查看"),
    (
        r"(.+) was not converted: rows of (.+) would be lost; .*",
        r"\1 没有转换：\2 会丢失行，请报告维护者",
    ),
    (
        r"(.+) was not converted: rows of (.+) refer to nothing; .*",
        r"\1 没有转换：\2 中有行引用的东西不存在，请从备份恢复",
    ),
    (r"(.+) is converted by its owner alone: .*", r"\1 只能由其所有者转换：请在 --store 中写所有者的角色"),
    (
        r"(.+) was restored from a backup and is held: .*",
        r"\1 由备份恢复，尚未核对，只能查询：请两人先用 `duban store reconcile --by 岗位 --by 岗位` 核对",
    ),
    (r"(.+) is not as (.+) was: .*", r"\1 与 \2 不一致：请重新备份，并检查磁盘"),
    (r"(.+) is not sound: restore an older backup \((.*)\)", r"\1 不完好：请改用更早的备份（\2）"),
    (r"(.+) belongs to a store that was here: .*", r"\1 是原来那个办公库留下的：请先移走，再试一次"),
)
STORE = (
    *SERVER,
    *BACKUPS,
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
        r"(.+) is of another program: .*",
        r"\1 是其他程序的：请写 `duban init` 建立的办公库",
    ),
    (r"(.+) is cut short: .*", r"\1 被截断：请从备份恢复，并保留损坏的文件以备检查"),
    (r"(.+) is damaged: .*", r"\1 已损坏：请从备份恢复，并保留损坏的文件以备检查"),
    (r"(.+) is being written by another program: .*", r"\1 正被其他程序写入：请稍后再试，或停止那个程序"),
    (
        r"(.+) has schema (\d+), this duban needs (\d+): .*",
        r"\1 的结构版本是 \2，本版 duban 需要 \3：请停止守护进程，用原来那一版备份，再 `duban store migrate`",
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
    (r"(.+) is no database address: .*", rf"\1 不是数据库地址：{USUAL}"),
    (r"(.+) is not supported by this version: .*", rf"本版不支持 \1：{USUAL}"),
    (r"a store needs a file to remember in: .*", r"办公库需要一个文件：请写 sqlite:///office.db"),
    (r"(.+) holds no book: .*", r"\1 中没有规则册，当时未建完：请删去后重新 `duban init`"),
)


def in_chinese(sentence: str) -> str:
    """The sentence as it is where it is none of these."""
    for pattern, said in STORE:
        match = re.fullmatch(pattern, sentence, re.DOTALL)
        if match:
            return match.expand(said)
    return sentence
