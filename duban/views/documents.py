"""Bulletins and the documents that rules have drafted."""

from typing import Any

from duban.views.items import fields_of, item_rows
from duban.views.view import View
from engine.summary import issued_workflows
from store.rows import ItemRow

Data = dict[str, Any]


def bulletin_rows(view: View) -> list[Data]:
    """In the order of their opening, workflow by workflow."""
    rows = [row for id in issued_workflows(view.book) for row in view.items(workflow=id)]
    return [line | said(view, row) for line, row in zip(item_rows(view, rows), rows, strict=True)]


def said(view: View, row: ItemRow) -> Data:
    fields = {each["field"]: each["said"] for each in fields_of(view, row)}
    return {
        "title": fields.get("title", row.title),
        "issued_on": fields.get("issued_on"),
        "number": fields.get("number"),
    }


def bulletin_document(view: View, row: ItemRow) -> Data:
    documents = [
        {"title": each.title, "at": view.local(each.at), "template": each.template, "body": each.body}
        for each in view.reader.documents_of(row.id)
    ]
    (line,) = item_rows(view, [row])
    return line | {"fields": fields_of(view, row), "documents": documents}
