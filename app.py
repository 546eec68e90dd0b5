"""The pages over the same `Studio` as the command line: 起草, 检索, 资料库, 单位档案, 设置.

`build_app(studio)` builds them, `serve(studio)` shows them on 127.0.0.1 and nowhere else. Importing this
module loads neither gradio nor a tab; the tabs are in assistant/tab_*.py.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UserError

if TYPE_CHECKING:
    import gradio as gr

    from assistant.studio import Studio

HOST = "127.0.0.1"
TITLE = "工会计划起草助手"
FONTS = ["Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "sans-serif"]
MONO = ["Consolas", "monospace"]
STYLES = [Path(__file__).with_name("assistant") / name for name in ("page.css", "search.css")]
SCRIPT = Path(__file__).with_name("assistant") / "page.js"
_CHINESE = b"<head><script>Object.defineProperty(navigator,'language',{get:()=>'zh-CN'})</script>"
_MOTTO = "一句话起草，逐节修改，导出 Word。资料和计划只在这台电脑上。"
_HEADER = f'<header class="brand"><h1>{TITLE}</h1><p>{_MOTTO}</p></header>'
_HEARTBEAT = 0.5
"""Seconds between two looks for Ctrl-C, which Windows does not deliver to an endless wait."""

_CACHE = "cache"
_CACHE_SECONDS = (3600, 24 * 3600)
_LARGEST_UPLOAD = "100mb"

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def build_app(studio: Studio, clock: Callable[[], date] = date.today) -> gr.Blocks:
    """Return the pages over `studio`; `clock` says which day it is. Opens no port."""
    _keep_to_this_machine(studio.settings.home)
    import gradio as gr

    from assistant.tab_common import Desk, leaving, wire
    from assistant.tab_draft import draft_tab
    from assistant.tab_library import library_tab
    from assistant.tab_profile import profile_tab
    from assistant.tab_search import search_tab
    from assistant.tab_settings import settings_tab

    desk = Desk()
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, delete_cache=_CACHE_SECONDS, fill_width=True
    ) as page:
        _endpoints(studio, clock)
        gr.HTML(_HEADER)
        with gr.Tab("起草"):
            arrive, place, arrived = draft_tab(studio, desk, clock)
        with gr.Tab("检索") as searching:
            search_tab(studio, desk, searching)
        with gr.Tab("资料库"):
            fills = [library_tab(studio)]
        with gr.Tab("单位档案") as unit:
            fills.append(profile_tab(studio, unit))
        with gr.Tab("设置"):
            fills.append(settings_tab(studio))
        wire(page.load, arrive, place, arrived)
        for fill, inputs, outputs in fills:
            wire(page.load, fill, inputs, outputs)
        page.unload(leaving(desk))
    page.queue(default_concurrency_limit=None)
    built: gr.Blocks = page
    return built


def _endpoints(studio: Studio, clock: Callable[[], date]) -> None:
    """Add the three named endpoints; each answers as the command line's --json does."""
    from gradio.events import api

    from assistant import views
    from assistant.tab_common import MODEL, guard
    from assistant.tab_draft import finished
    from assistant.tab_export import export_plan
    from assistant.tab_search import search_api

    def search(
        query: str, k: int = 10, org: str = "", period: str = "", genre: str = "", section: str = ""
    ) -> dict[str, Any]:
        """检索先例。"""
        return search_api(studio, query, k, (org, period, genre, section))

    def draft(text: str) -> dict[str, Any]:
        """按一句话起草一份计划。"""
        plan, seconds = finished(studio, text, clock())
        return views.draft_data(plan, seconds)

    def export(draft_id: str, suffix: str = ".docx") -> dict[str, str]:
        """把保存的计划写成文件，返回它的位置。"""
        return {"draft_id": draft_id, "file": export_plan(studio, draft_id, suffix)}

    api(guard(search), api_name="search", concurrency_limit=None)
    api(guard(draft), api_name="draft", concurrency_id=MODEL, concurrency_limit=1)
    api(guard(export), api_name="export", concurrency_limit=None)


def serve(studio: Studio, port: int = 7860, browser: bool = True) -> None:
    """Show the pages at http://127.0.0.1:PORT until Ctrl-C.

    :raises UserError: when the port is taken.
    """
    check_port(port)
    warming = threading.Thread(target=_warm, args=(studio,), daemon=True)
    warming.start()
    page = build_app(studio)
    warming.join()
    _log_to(studio.settings.log)
    start(page, studio, port)
    with suppress(KeyboardInterrupt):
        _wait(f"http://{HOST}:{port}", browser)
    finish(page)
    shutil.rmtree(studio.settings.home / _CACHE, ignore_errors=True)
    _say("已结束，保存过的内容都在。")


def _wait(address: str, browser: bool) -> None:
    """Say and show where the pages are, then wait for Ctrl-C."""
    _say(f"已打开：{address}（按 Ctrl-C 结束）")
    if browser:
        import webbrowser

        webbrowser.open(address)
    while not threading.Event().wait(_HEARTBEAT):
        pass


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def start(page: gr.Blocks, studio: Studio, port: int) -> None:
    """Start the server of a built page in the background."""
    from starlette.middleware import Middleware

    page.launch(
        server_name=HOST,
        server_port=port,
        share=False,
        inbrowser=False,
        prevent_thread_lock=True,
        quiet=True,
        show_error=True,
        footer_links=[],
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        pwa=False,
        allowed_paths=[str(studio.settings.exports)],
        max_file_size=_LARGEST_UPLOAD,
        css_paths=STYLES,
        head=f"<script>{SCRIPT.read_text('utf-8')}</script>",
        theme=_theme(),
        app_kwargs={"middleware": [Middleware(ChinesePage)]},
    )


def finish(page: gr.Blocks) -> None:
    """End the server without waiting for browsers that still listen."""
    if page.server is not None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        page.server.force_exit = True
    page.close(verbose=False)


def _theme() -> Any:
    """Return a calm look for day and night, in fonts that office machines have."""
    from gradio.themes import Base, colors, sizes

    base = Base(
        primary_hue=colors.red, secondary_hue=colors.red, neutral_hue=colors.stone, text_size=sizes.text_md,
        spacing_size=sizes.spacing_sm, radius_size=sizes.radius_sm, font=FONTS, font_mono=MONO,
    )  # fmt: skip
    return base.set(
        body_background_fill="#f6f4f0",
        body_background_fill_dark="#1b1a18",
        body_text_color_dark="#e6e3dd",
        body_text_color_subdued_dark="#aaa59b",
        block_background_fill="#ffffff",
        block_background_fill_dark="#262422",
        block_border_color_dark="#3d3b38",
        block_label_background_fill_dark="#262422",
        block_label_text_color_dark="#c9c4ba",
        block_title_text_weight="500",
        block_title_text_color_dark="#e6e3dd",
        background_fill_primary_dark="#262422",
        background_fill_secondary_dark="#1b1a18",
        border_color_primary_dark="#3d3b38",
        input_background_fill="#ffffff",
        input_background_fill_dark="#2c2a27",
        input_background_fill_focus_dark="#2c2a27",
        input_border_color="#c9c4ba",
        input_border_color_dark="#57534d",
        input_border_width="1px",
        input_border_width_dark="1px",
        button_border_width="1px",
        button_border_width_dark="1px",
        **_buttons("primary", "#a8231b", "#8f1d16", "#a8231b", "#ffffff"),
        **_buttons("primary", "#a8231b", "#c33a31", "#c33a31", "#ffffff", "_dark"),
        **_buttons("secondary", "#ffffff", "#f3f1ec", "#c9c4ba", "#1f2328"),
        **_buttons("secondary", "#312e2b", "#3d3935", "#57534d", "#e6e3dd", "_dark"),
        layout_gap="10px",
    )


def _buttons(kind: str, fill: str, hover: str, border: str, text: str, mode: str = "") -> dict[str, str]:
    """Return the colours of one kind of button, `mode` "_dark" for the night."""
    name = f"button_{kind}"
    return {
        f"{name}_background_fill{mode}": fill,
        f"{name}_background_fill_hover{mode}": hover,
        f"{name}_border_color{mode}": border,
        f"{name}_border_color_hover{mode}": border,
        f"{name}_text_color{mode}": text,
        f"{name}_text_color_hover{mode}": text,
    }


def check_port(port: int) -> None:
    """Say so when somebody else listens on the port.

    :raises UserError: when it is taken or may not be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise UserError(
                    f"端口 {port} 已被占用，请关掉先前打开的窗口，或用 gonghui serve --port 换一个端口。"
                ) from error
            raise UserError(f"端口 {port} 不能用，请用 gonghui serve --port 换一个端口，如 7861。") from error


class ChinesePage:
    """Makes the page Chinese whatever the browser's language is: gradio takes its own words from that."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Any, send: Send) -> None:
        """Pass everything through; the page itself has its head rewritten on the way."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def rewrite(message: Message) -> None:
            held.append(message)
            if not message.get("more_body", message["type"] == "http.response.start"):
                for part in _chinese(held):
                    await send(part)

        await self.app(scope, receive, rewrite)


def _chinese(messages: list[Message]) -> tuple[Message, Message]:
    """Return a whole response as two messages, its language Chinese."""
    head, *rest = messages
    body = b"".join(part.get("body", b"") for part in rest)
    body = body.replace(b'lang="en"', b'lang="zh-CN"', 1).replace(b"<head>", _CHINESE, 1)
    headers = [pair for pair in head["headers"] if pair[0].lower() != b"content-length"]
    head = {**head, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
    return head, {"type": "http.response.body", "body": body, "more_body": False}


def _keep_to_this_machine(home: Path) -> None:
    """Tell gradio, before it is imported, to report nothing and to keep its files in the data folder.

    A proxy of the office must not stand between the program and its own pages.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_TEMP_DIR"] = str(home / _CACHE)
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*hosts, HOST, "localhost"]))


def _warm(studio: Studio) -> None:
    """Open the library while gradio loads; what fails here is told where it is first needed."""
    try:
        studio.documents()
    except Exception:
        logging.getLogger("gonghui").exception("the library could not be opened ahead of time")


def _log_to(path: Path) -> None:
    """Send the program's own log to its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("gonghui", "index", "assistant"):
        logging.getLogger(name).addHandler(handler)
