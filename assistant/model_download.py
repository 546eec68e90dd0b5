"""Downloads a model folder because the person asked for it: in pieces that resume, every file checked.

Speaks to Hugging Face, a mirror of it (HF_ENDPOINT) or ModelScope (the setting `model_source`). Nothing is
sent but the model's name. A file is whole or it is a `.part`, which the next try goes on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assistant.memory import total_memory
from assistant.model_files import RESERVE_BYTES
from index.errors import UserError

HUGGING_FACE = "https://huggingface.co"
MODELSCOPE = "modelscope"
WANTED = (".json", ".jinja", ".safetensors", ".model", "merges.txt", "vocab.txt", "model.xml", "model.bin")
TRIES = 3
CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
SMALLEST_SHARE = 0.55  # of the size of 16-bit weights, when they are run in 8 bits


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of the model: its path, size in bytes, and SHA-256 ("" when the source does not say)."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes there and bytes in all."""

    done: int
    total: int


def source_of(chosen: str, environ: Mapping[str, str] = os.environ) -> str:
    """The address models come from: the setting, else HF_ENDPOINT, else Hugging Face."""
    return (chosen or environ.get("HF_ENDPOINT", "") or HUGGING_FACE).strip().rstrip("/")


def folder_for(name: str, store: Path) -> Path:
    """Where the model `name` (owner/model) is kept under `store`."""
    return store / name.replace("/", "--")


def download(name: str, store: Path, source: str) -> Iterator[Progress]:
    """Download the model `name`, yielding how far it is. What is there and whole is not fetched again.

    :raises UserError: no network, no such model, too little disk or memory, a broken or wrong file.
    """
    import httpx

    folder = folder_for(name, store)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with _told(name, source), httpx.Client(timeout=timeout, follow_redirects=True) as client:
        files = _listed(client, name, source)
        total = sum(file.size for file in files)
        _check_room(name, folder, files)
        done = 0
        for file in files:
            for count in _fetched(client, _address(name, source, file.path), file, folder / file.path):
                yield Progress(done + count, total)
            done += file.size


def _listed(client: Any, name: str, source: str) -> list[RemoteFile]:
    if _is_modelscope(source):
        address = f"{_base(source)}/api/v1/models/{name}/repo/files?Revision=master&Recursive=true"
        rows = _json(client, address, name)["Data"]["Files"]
        files = [RemoteFile(row["Path"], row["Size"], row.get("Sha256") or "") for row in rows]
    else:
        rows = _json(client, f"{source}/api/models/{name}?blobs=true", name)["siblings"]
        files = [
            RemoteFile(row["rfilename"], row["size"], (row.get("lfs") or {}).get("sha256", ""))
            for row in rows
        ]
    wanted = [file for file in files if file.path.endswith(WANTED) and "/" not in file.path]
    if not any(file.path.endswith((".safetensors", "model.bin")) for file in wanted):
        raise UserError(f"“{name}”里没有能用的模型权重（safetensors），请换一个模型。")
    return sorted(wanted, key=lambda file: file.size)


def _json(client: Any, address: str, name: str) -> Any:
    answer = client.get(address)
    if answer.status_code in (401, 403, 404):
        raise UserError(f"下载地址上没有“{name}”这个模型，或者它需要登录，请检查名字。")
    answer.raise_for_status()
    return answer.json()


def _address(name: str, source: str, path: str) -> str:
    if _is_modelscope(source):
        return f"{_base(source)}/models/{name}/resolve/master/{quote(path)}"
    return f"{source}/{name}/resolve/main/{quote(path)}"


def _is_modelscope(source: str) -> bool:
    return MODELSCOPE in source


def _base(source: str) -> str:
    """The address itself: "modelscope+http://mirror" says that the mirror speaks as ModelScope does."""
    return source.removeprefix(f"{MODELSCOPE}+")


def _check_room(name: str, folder: Path, files: list[RemoteFile]) -> None:
    weights = sum(file.size for file in files if file.path.endswith((".safetensors", ".bin")))
    needed, memory = round(weights * SMALLEST_SHARE) + RESERVE_BYTES, total_memory()
    if memory is not None and memory < needed:
        raise UserError(
            f"内存不够：运行“{name}”至少要 {needed / 1e9:.1f} GB，本机一共 {memory / 1e9:.1f} GB，"
            "没有下载；请换小一点的模型。"
        )
    folder.mkdir(parents=True, exist_ok=True)
    left = sum(file.size - _there(folder / file.path) for file in files)
    free = shutil.disk_usage(folder).free
    if free < left:
        raise UserError(
            f"磁盘空间不够：“{name}”还要下载 {left / 1e9:.1f} GB，只剩 {free / 1e9:.1f} GB，请腾出空间再试。"
        )


def _there(path: Path) -> int:
    part = _part(path)
    return path.stat().st_size if path.is_file() else part.stat().st_size if part.is_file() else 0


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _fetched(client: Any, address: str, file: RemoteFile, path: Path) -> Iterator[int]:
    """Fetch one file, yielding the bytes there; a connection that breaks is taken up again."""
    import httpx

    part = _part(path)
    if path.is_file() and path.stat().st_size == file.size:
        yield file.size
        return
    for attempt in range(TRIES):
        try:
            yield from _appended(client, address, part, file.size)
            break
        except (httpx.TransportError, httpx.StreamError):
            if attempt == TRIES - 1:
                raise
    if part.stat().st_size != file.size or (file.sha256 and _sha256(part) != file.sha256):
        part.unlink()
        raise UserError(
            f"文件“{file.path}”下载后校验不对，已经删掉，请再下载一次；如果还不对，请换一个下载地址。"
        )
    os.replace(part, path)


def _appended(client: Any, address: str, part: Path, size: int) -> Iterator[int]:
    start = part.stat().st_size if part.is_file() else 0
    if start >= size:
        yield start
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        resumed = answer.status_code == 206
        count = start if resumed else 0
        with part.open("ab" if resumed else "wb") as out:
            for piece in answer.iter_raw():
                out.write(piece)
                count += len(piece)
                yield count


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _told(name: str, source: str) -> Iterator[None]:
    """Turn errors of the network and the disk into sentences."""
    import httpx

    try:
        yield
    except httpx.ConnectError as error:
        raise UserError(
            f"连不上下载地址（{source}），请检查网络；也可以设 HF_ENDPOINT 换镜像，或在别处下载好，"
            "把模型文件夹拷来选用。"
        ) from error
    except (httpx.TransportError, httpx.StreamError) as error:
        raise UserError(f"“{name}”下载到一半断了，已下载的都留着，再选用一次就会接着下载。") from error
    except httpx.HTTPStatusError as error:
        raise UserError(
            f"下载地址（{source}）出错（{error.response.status_code}），请稍后再试或换一个下载地址。"
        ) from error
    except OSError as error:
        raise UserError(f"写不进磁盘（{error.strerror}），请检查磁盘空间和文件夹权限。") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"下载地址（{source}）的答复读不懂，请检查它是不是模型网站或镜像。") from error
