"""gonghui doctor: is everything there that drafting needs? One row a thing, in words a person can act on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from assistant.studio import Studio
from index.errors import UserError

_PACKAGES = (
    "numpy",
    "faiss",
    "tantivy",
    "rjieba",
    "opencc",
    "docx",
    "pypdfium2",
    "bs4",
    "gradio",
    "transformers",
    "sentence_transformers",
    "langchain_text_splitters",
    "openai",
)
_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined: its name, whether it will do, and the detail to show."""

    name: str
    ok: bool
    detail: str


def examine(studio: Studio) -> list[Check]:
    """Return every check, in the order a person should mend them."""
    return list(_checks(studio))


def _checks(studio: Studio) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), version)
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    yield Check("组件", not missing, f"缺少 {'、'.join(missing)}，请重新运行安装" if missing else "齐全")
    yield _home(studio)
    yield _try("资料库", lambda: f"{len(studio.documents())} 份资料，编码器 {studio.library.encoder.name}")
    yield _try("数据表", lambda: f"{len(studio.tables.orgs)} 类单位，{len(studio.tables.phrases)} 条表述")
    yield _try("单位档案", lambda: studio.profile().unit or "还没有填写（可以不填）")
    yield _try("模型", lambda: studio.model.name if studio.model else "不使用模型")
    yield Check("LibreOffice", True, shutil.which("soffice") or "没有安装（读 .doc、.et 等旧文件时才用到）")


def _home(studio: Studio) -> Check:
    home = studio.settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check("数据文件夹", False, f"“{home}”不能写入（{error.strerror}），请检查权限")
    free = shutil.disk_usage(home).free
    if free < _FREE_BYTES:
        return Check("数据文件夹", False, f"“{home}”所在磁盘只剩 {free // 1_000_000} MB，请腾出空间")
    return Check("数据文件夹", True, f"{home}（剩余 {free // 1_000_000_000} GB）")


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except UserError as error:
        return Check(name, False, str(error))
