"""Word file to PDF through the LibreOffice of this machine, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from index.errors import UserError

SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice")
_USUAL = (
    Path(r"C:\Program Files\LibreOffice\program\soffice.exe"),
    Path(r"C:\Program Files (x86)\LibreOffice\program\soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)


def office_program() -> str:
    """Return LibreOffice's program, "" where it is not installed."""
    named = (found for name in _PROGRAMS if (found := shutil.which(name)))
    return next(named, "") or next((str(path) for path in _USUAL if path.is_file()), "")


def to_pdf(docx: bytes) -> bytes:
    """Return a Word file as PDF.

    :raises UserError: when LibreOffice is not installed, or does not finish the work.
    """
    program = office_program()
    if not program:
        raise UserError("这台电脑没有装 LibreOffice，转不成 PDF；请导出 Word 文件，用 WPS 打开后另存为 PDF。")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "plan.docx")
        source.write_bytes(docx)
        profile = Path(folder, "profile").as_uri()
        command = [program, "--headless", "--norestore", f"-env:UserInstallation={profile}"]
        try:
            subprocess.run(
                [*command, "--convert-to", "pdf", "--outdir", folder, str(source)],
                check=True,
                capture_output=True,
                timeout=SECONDS,
                env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
            )
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise UserError(
                "LibreOffice 没能转成 PDF，请导出 Word 文件，用 WPS 打开后另存为 PDF。"
            ) from error
