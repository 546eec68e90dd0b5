"""The commands add, library and search."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant import library_views as views
from index.errors import UserError
from index.types import Added, Failed, Filters, Genre, OrgType, Period, Progress, SectionCode, Skipped

if TYPE_CHECKING:
    from assistant.studio import Studio

Out = Callable[[Any, str], None]


def run(studio: Studio, options: Namespace, out: Out) -> int:
    """Run the command named in `options` and return the exit code."""
    return {"add": add, "library": library, "search": search}[options.command](studio, options, out) or 0


def add(studio: Studio, options: Namespace, out: Out) -> int:
    """Read files and folders into the library; 1 when all of them failed."""
    failed = added = skipped = repairs = 0
    for step in studio.add_steps(options.paths):
        if isinstance(step, Progress):
            _progress(step)
            continue
        failed += isinstance(step, Failed)
        skipped += isinstance(step, Skipped)
        added += isinstance(step, Added)
        repairs += step.document.repairs if isinstance(step, Added) else 0
        out(views.event_data(step), views.event_text(step))
    if not failed and not added and not skipped:
        raise UserError("没有找到能读的资料，支持 .docx、.xlsx、.pdf、.txt、.html、.md 和 .zip。")
    told = f"新增 {added} 份，略过 {skipped} 份，没读成 {failed} 份，整理文字 {repairs} 处。"
    print(told, file=sys.stderr)
    return 1 if failed and not added and not skipped else 0


def _progress(step: Progress) -> None:
    """Show on a terminal, and only there, what an import is doing."""
    if sys.stderr.isatty():
        print(f"\r\033[K{step.doing}（{step.done}／{step.total}）", end="\r", file=sys.stderr, flush=True)


def library(studio: Studio, options: Namespace, out: Out) -> None:
    """List the documents or show one; rebuild the indexes, remove, restore or correct a document."""
    if options.action == "rebuild":
        for line in studio.library.rebuild():
            print(line, file=sys.stderr)
        out({"documents": len(studio.documents())}, "索引已重建。")
    elif options.action != "list" or options.set or options.unset:
        _one_document(studio, options, out)
    elif options.document:
        document = studio.document(options.document)
        out(
            views.document_data(document),
            f"{document.title}\n{views.labels_text(document.labels)}\n\n{document.text}",
        )
    else:
        rows = studio.documents()
        out(
            {"documents": [views.summary_data(row) for row in rows]},
            "\n".join(
                f"{r.id}  {r.title or '（无标题）'}（{views.labels_text(r.labels)}，{r.passages} 段）"
                for r in rows
            ),
        )


def _one_document(studio: Studio, options: Namespace, out: Out) -> None:
    """Remove or restore a document, or correct its labels."""
    if not options.document:
        raise UserError("请用 --document 写明是哪一份资料的编号，编号用 gonghui library 查看。")
    if options.action == "remove":
        studio.remove(options.document)
        out({"removed": options.document}, "已删除，要找回来用 gonghui library restore --document 编号。")
        return
    if options.action == "restore":
        row = studio.put_back(options.document)
        out(views.summary_data(row), f"已恢复“{row.title}”。")
        return
    pairs = [value.partition("=") for value in options.set]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise UserError(f"“{wrong}”要写成 项目=内容，如 org_type=hospital。")
    row = studio.correct(options.document, {name: value for name, _, value in pairs})
    told = "已更正" if options.set else "已恢复自动判断"
    out(views.summary_data(row), f"{told}：{row.title}（{views.labels_text(row.labels)}）")


def search(studio: Studio, options: Namespace, out: Out) -> None:
    """Search the precedents."""
    filters = Filters(
        _codes(OrgType, options.org),
        _codes(Period, options.period),
        _codes(Genre, options.genre),
        _codes(SectionCode, options.section),
    )
    result = studio.search(options.query, options.k, filters)
    out(views.search_data(result), views.search_text(result))


def _codes(kind: Any, value: str | None) -> tuple[Any, ...]:
    if not value:
        return ()
    try:
        return (kind(value.upper() if kind is SectionCode else value.lower()),)
    except ValueError as error:
        raise UserError(
            f"没有“{value}”这个代码，可以用：{'、'.join(code.value for code in kind)}。"
        ) from error
