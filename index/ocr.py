"""Text of scanned pages, by RapidOCR (the extra `ocr`). Its models are in its package: none is fetched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from index.errors import UserError

ADVICE = "请先用识别软件转成文字，或安装文字识别组件（pip install rapidocr onnxruntime）后再导入。"
LEAST_SCORE = 0.6
MOST_PIXELS = 50_000_000


def available() -> bool:
    """Tell whether the optional packages are installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def lines(picture: Any) -> list[str]:
    """Return the lines of text on a picture, an array of pixels, in reading order."""
    found = _engine()(picture)
    if found is None or not found.txts:
        return []
    pieces = [
        (float(box[:, 1].min()), float(box[:, 1].max()), float(box[:, 0].min()), text)
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if score >= LEAST_SCORE
    ]
    return list(_rows(pieces))


def _rows(pieces: Sequence[tuple[float, float, float, str]]) -> list[str]:
    """Join pieces (top, bottom, left, text) that stand side by side."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for piece in sorted(pieces):
        middle = (piece[0] + piece[1]) / 2
        if rows and rows[-1][0][0] <= middle <= rows[-1][0][1]:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return ["".join(text for _, _, _, text in sorted(row, key=lambda one: one[2])) for row in rows]


def pixels(data: bytes, name: str) -> Any:
    """Return the pixels of a picture file.

    :raises UserError: for a picture that is damaged or too large.
    """
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UserError(f"图片“{name}”太大，请缩小后再导入。")
            return np.asarray(image.convert("RGB"))[:, :, ::-1]
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"图片“{name}”打不开，请换成 jpg 或 png 再试。") from error


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})
