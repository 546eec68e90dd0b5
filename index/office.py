"""Files of the old Office and of WPS (.doc, .wps, .xls, .et, .rtf), converted by LibreOffice where it is.

LibreOffice runs without a window, with a profile of its own, on a copy under a name of ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SECONDS = 120
_WORKBOOK = "Workbook".encode("utf-16-le")
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def office() -> str | None:
    """Return where LibreOffice is, None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if os.path.isfile(place)), None)


def is_workbook(data: bytes, suffix: str) -> bool:
    """Tell whether an old binary file is a spreadsheet."""
    return suffix in (".xls", ".et") or (_WORKBOOK in data and suffix not in (".doc", ".wps"))


def convert(data: bytes, suffix: str, program: str) -> bytes:
    """Return an old file as .docx, or as .xlsx if it is a spreadsheet.

    :raises OSError: if LibreOffice cannot read it.
    :raises subprocess.SubprocessError: if it fails or takes too long.
    """
    kind = "xlsx" if is_workbook(data, suffix) else "docx"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = place / f"old{suffix or '.doc'}"
        source.write_bytes(data)
        command = [program, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless",
                   "--norestore", "--convert-to", kind, "--outdir", str(place / "new"),
                   str(source)]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        return (place / "new" / f"old.{kind}").read_bytes()
