"""`duban audit`: list, show and verify the log."""

import json
from typing import Annotated

import typer

from duban.mistakes import FINDINGS, Mistake
from duban.options import As, asked_post, with_session
from duban.output import Listing, as_json, as_moment
from duban.session import Session

COLUMNS = ("seq", "ts", "act", "obj", "actor", "why")


def register(app: typer.Typer) -> None:
    audits = typer.Typer(no_args_is_help=True, help="审计日志 / the audit log: list, show, verify")
    audits.command("list", help="日志条目,新的在前 / entries, newest first")(with_session(list_entries))
    audits.command("show", help="一条的全部 / one entry with its facts")(with_session(show_entry))
    audits.command("verify", help="验证日志完整、未被改动 / prove that nothing was changed")(
        with_session(verify_log)
    )
    app.add_typer(audits, name="audit")


def list_entries(
    session: Session,
    *,
    obj: Annotated[str | None, typer.Option("--obj", help="对象编号 / what it is about")] = None,
    act: Annotated[
        str | None, typer.Option("--act", help="动作,如 item.move / act, such as item.move")
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="谁 / post, rule:… or duban")] = None,
    since: Annotated[
        int | None, typer.Option("--since", min=0, help="自第几条起 / from this number on")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="最多几条,0 为全部 / at most so many, 0 for all")
    ] = 50,
    as_: As = None,
) -> None:
    from duban.looking import looking
    from duban.views.audit import MASK, Masking, listed_row

    with looking(session, asked_post(as_)) as view:
        masking = Masking(view)
        lines = view.reader.list_audit(obj=obj, act=act, actor=actor, since=since, limit=limit or None)
        rows = [listed_row(view, masking, line) for line in lines]
        if obj is not None or act is not None or actor is not None:
            # A filter that finds a masked entry would tell what the mask hides.
            rows = [row for row in rows if row["obj"] != MASK.in_(view.language)]
        session.list(Listing(columns=COLUMNS, rows=rows))


def show_entry(
    session: Session, seq: Annotated[int, typer.Argument(help="序号 / number")], as_: As = None
) -> None:
    from duban.looking import looking
    from duban.views.audit import Masking, audit_row, masked_row

    with looking(session, asked_post(as_)) as view:
        line = view.reader.show_audit(seq)
        if line is None:
            size = view.reader.head().size
            raise Mistake(
                f"没有第 {seq} 条：日志有 0 至 {size - 1} 条",
                f"there is no entry {seq}: the log has 0 to {size - 1}",
            )
        if Masking(view).hides(line):
            session.show(masked_row(view, line) | {"leaf": line.leaf}, [session.pick("（保密）", "(sealed)")])
            return
        row = audit_row(view, line)
        record = json.loads(line.rec)
        facts = json.loads(line.facts) if line.facts else None
    session.show(
        row | {"record": record, "facts": facts, "leaf": line.leaf},
        [
            f"{row['seq']}  {as_moment(row['ts'])}  {row['act']}  {row['obj']}  {row['actor']}",
            str(row["why"]),
            as_json(record, indent=2),
            *([as_json({"facts": facts}, indent=2)] if facts else []),
            f"leaf {line.leaf}",
        ],
    )


def verify_log(session: Session) -> None:
    from duban.progress import progress
    from store.verify import verify

    with session.office() as office, office.store.read() as reader:
        with progress(session.pick("验证日志", "verifying the log")) as advance:
            verdict = verify(reader, advance)
        data = {
            "ok": verdict.ok,
            "entries": verdict.entries,
            "root": verdict.root,
            "first_bad": verdict.first_bad,
            "message": session.pick(verdict.zh, verdict.en),
        }
    session.show(data, [session.pick(verdict.zh, verdict.en)])
    if not verdict.ok:
        raise typer.Exit(FINDINGS)
