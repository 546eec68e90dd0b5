"""gonghui …: the command line. Parses, calls `Studio`, prints.

Exit code 0 done, 1 something the person can mend (one Chinese sentence), 2 wrong usage. Importing this
module loads nothing heavy; each command imports what it needs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from index.errors import UserError

_OUTPUT = "输出文件：.docx、.pdf、.xlsx（任务分解表）、.md、.txt 或 .json"


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a Chinese sentence."""

    def error(self, message: str) -> NoReturn:
        print(
            f"命令写法不对（{message}），用 {self.prog} --help 看用法。",
            file=sys.stderr,
        )
        raise SystemExit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    if options.command is None:
        _parser().print_help()
        return 0
    from assistant import commands

    try:
        return commands.run(options, _out(options))
    except UserError as error:
        if options.json:
            print(json.dumps({"error": str(error)}, ensure_ascii=False))
        print(str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止，写完的内容都已保存。", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except Exception as error:
        return _report(error)


def _report(error: Exception) -> int:
    """Write a bug's trace to the log and say where it is."""
    import traceback

    from assistant.settings import data_home

    if isinstance(error, OSError) and error.errno == 28:
        print("磁盘满了，请腾出空间再试；已经写好的内容没有丢。", file=sys.stderr)
        return 1
    log = data_home() / "gonghui.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
        where = f"详细记录在“{log}”，请连同这个文件反馈"
    except OSError:
        traceback.print_exception(error)
        where = "请把上面的记录反馈给我们"
    print(f"程序出了错（{type(error).__name__}），{where}。", file=sys.stderr)
    return 1


def _out(options: argparse.Namespace) -> Any:
    """Return the function that prints a result: data as JSON, or its text for people."""

    def out(data: Any, text: str) -> None:
        print(json.dumps(data, ensure_ascii=False) if options.json else text, flush=True)

    return out


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-11-21 这样，不是 {text}") from error


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"要写成正整数，不是 {text}")
    return int(text)


def _parser() -> _Parser:
    shared = _Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="输出 JSON")
    shared.add_argument("--today", type=_day, default=None, metavar="YYYY-MM-DD", help="把哪一天当作今天")
    parser = _Parser(prog="gonghui", description="工会计划起草助手：说一句话，起草一份工会工作计划。")
    parser.set_defaults(json=False)
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[shared])

    _drafting(command)
    _editing(command)
    _handing_in(command)
    _library(command)
    _unit_and_model(command)
    return parser


def _drafting(command: Any) -> None:
    draft = command("draft", "按一句话起草一份计划，得到 Word 文件")
    draft.add_argument("text", nargs="?", default="", help="要求，如：给医院工会起草一份下半年工作计划")
    draft.add_argument("--profile", type=Path, metavar="文件", help="单位档案（TOML），不写则用保存的档案")
    draft.add_argument("--outline", type=Path, metavar="文件", help="提纲文件，每行一个“# 标题”")
    draft.add_argument("--length", type=_positive, metavar="字数", help="篇幅")
    draft.add_argument("--variant", type=int, default=0, metavar="N", help="换一版：0、1、2……")
    draft.add_argument("--no-model", action="store_true", help="这一次不用模型")
    draft.add_argument(
        "--last",
        type=Path,
        action="append",
        metavar="文件",
        help="去年的计划或总结：没完成的接着写，并比较重复；可写多次",
    )
    draft.add_argument("--points", type=Path, metavar="文件", help="上级工会的工作要点：逐条写进计划")
    draft.add_argument("--resume", default="", metavar="编号", help="接着写一份没写完的计划")
    draft.add_argument("-o", "--output", type=Path, metavar="文件", help=_OUTPUT)
    points = command("points", "读上级工会的工作要点，或对照一份计划看哪条没有落实")
    points.add_argument("file", type=Path, help="要点文件")
    points.add_argument("draft", nargs="?", default="", help="计划编号，或 .docx、.txt、.md 文件")
    compare = command("compare", "看一份计划和旧材料重复多少")
    compare.add_argument("draft", help="计划编号，或 .docx、.txt、.md 文件")
    compare.add_argument("file", type=Path, help="旧计划或旧总结")
    command("request", "看看一句话被理解成什么").add_argument("text", help="要求")
    outline = command("outline", "只出提纲，不写正文")
    outline.add_argument("text", help="要求")
    outline.add_argument("--profile", type=Path, metavar="文件", help="单位档案（TOML）")


def _editing(command: Any) -> None:
    revise = command("revise", "按一句话改写计划里的一节")
    revise.add_argument("draft", help="计划编号")
    revise.add_argument("section", help="哪一节：标题、代码或编号")
    revise.add_argument("instruction", nargs="?", default="", help="怎么改，如：更具体一些；不写就是换一版")
    revise.add_argument("--propose", action="store_true", help="只看新稿，先不采用")
    undo = command("undo", "撤销对一节的最近一次修改")
    undo.add_argument("draft", help="计划编号")
    undo.add_argument("section", help="哪一节")
    history = command("history", "列出计划，或一份计划各节的修改记录")
    history.add_argument("draft", nargs="?", default="", help="计划编号")
    check = command("check", "检查一份计划：编号或文件")
    check.add_argument("file", help="计划编号，或 .docx、.txt、.md 文件")
    mend = command("mend", "一键修改检查出来的问题：全部，或按 check 列出的序号")
    mend.add_argument("file", help="计划编号，或 .docx、.txt、.md 文件")
    mend.add_argument("numbers", nargs="*", metavar="序号", help="check 列出的序号，不写就是全部")
    mend.add_argument("--propose", action="store_true", help="只看会怎么改，先不存")
    mend.add_argument("-o", "--output", type=Path, metavar="文件", help="计划是文件时，改好的写到哪里")
    ledger = command("ledger", "列出计划里的数字、日期和金额，各是谁提出来的")
    ledger.add_argument("file", help="计划编号，或 .docx、.txt、.md 文件")
    ledger.add_argument("--confirm", nargs="+", default=(), metavar="序号", help="确认这些数字；all 是全部")


def _handing_in(command: Any) -> None:
    export = command("export", "把保存的计划导出成文件")
    export.add_argument("draft", help="计划编号")
    export.add_argument(
        "--form",
        choices=("asked", "plan", "notice", "tasks"),
        default="asked",
        help="plan 只要计划，notice 用通知印发，tasks 任务分解表；不写则按当初的要求",
    )
    export.add_argument("-o", "--output", type=Path, metavar="文件", help=_OUTPUT)
    redline = command("redline", "把改动做成带修订标记的 Word 文件")
    redline.add_argument("draft", help="计划编号，或 .docx、.txt、.md 文件")
    redline.add_argument(
        "old", nargs="?", default="", help="和哪一份比：编号或文件；不写就和最初起草的文字比"
    )
    redline.add_argument("-o", "--output", type=Path, metavar="文件", help="输出的 .docx 文件")


def _library(command: Any) -> None:
    command("add", "把旧计划加进资料库").add_argument("paths", nargs="+", type=Path, help="文件或文件夹")
    library = command(
        "library", "看资料库里有什么；rebuild 重建索引，remove 删除、restore 找回一份资料，--set 更正标注"
    )
    library.add_argument(
        "action", nargs="?", choices=("list", "rebuild", "remove", "restore"), default="list", help="做什么"
    )
    library.add_argument("--document", metavar="编号", default="", help="只看（删除、找回、更正）这一份")
    library.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="项目=内容",
        help="更正标注：title、org_type、period、year、genre、flags，如 org_type=hospital；可写多次",
    )
    library.add_argument("--unset", action="store_true", help="去掉人工更正，恢复自动判断")
    search = command("search", "查先例")
    search.add_argument("query", help="要找什么")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="最多几条")
    search.add_argument("--org", metavar="类型", help="单位类型，如 hospital")
    search.add_argument("--period", metavar="时段", help="如 h2")
    search.add_argument("--genre", metavar="文种", help="如 plan")
    search.add_argument("--section", metavar="板块", help="如 DEMOCRACY")
    tables = command("tables", "检查词表、日历、表述等数据表")
    tables.add_argument("action", choices=("check",), help="做什么")


def _unit_and_model(command: Any) -> None:
    profile = command("profile", "看或改单位档案")
    profile.add_argument(
        "values", nargs="*", metavar="项目=内容", help="如 unit=云栖市第三人民医院 people=486"
    )
    profile.add_argument("--from", dest="source", type=Path, metavar="文件", help="从旧计划里读出单位情况")
    profile.add_argument("--accept", action="store_true", help="把读出来的、有把握的内容存进档案")
    model = command("model", "选择写作用的模型")
    model.add_argument("action", choices=("list", "use", "test", "off"), help="做什么")
    model.add_argument("target", nargs="?", default="", help="模型名（没有就下载）、模型文件夹，或服务地址")
    model.add_argument("--name", default="", help="服务地址上的模型名")
    model.add_argument("--key", default="", help="服务地址的密钥")
    serve = command("serve", "打开网页界面")
    serve.add_argument("--port", type=_positive, metavar="端口", help="端口号")
    serve.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    command("doctor", "检查运行环境")
    backup = command("backup", "把全部数据备份成一个 .zip，可拿到另一台电脑上恢复")
    backup.add_argument("file", nargs="?", type=Path, help="备份文件，不写则放在当前文件夹")
    restore = command("restore", "用备份恢复数据，现有数据移到旁边保留")
    restore.add_argument("file", type=Path, help="备份文件")
    bench = command("bench", "给各类单位各起草一份，列出质量数字")
    bench.add_argument("what", nargs="?", choices=("drafts",), default="drafts", help="测什么")


if __name__ == "__main__":
    sys.exit(main())
