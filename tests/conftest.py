"""Fixtures shared by all tests: no test touches the person's data folder or the network."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import HashEncoder
from model_server import transformers_server
from tiny_model import tiny_model

from index.library import Library

DOCUMENTS = {
    "云杉市第九医院工会2026年下半年工作计划": """一、指导思想
以服务医护人员、促进医院发展为中心，发挥桥梁纽带作用。
二、主要工作
（一）民主管理
1.九月召开职代会，审议绩效分配办法，院务公开栏每月更新一次。
2.向职工代表通报提案办理情况，答复率达到百分之百。
（二）关心关爱
1.八月医师节前走访急诊、重症科室，送清凉用品到夜班岗位。
""",
    "石桥实验小学工会2026—2027学年第一学期工作计划": """一、工作目标
校务公开内容按月上墙，教职工满意度不低于百分之九十。
二、主要工作
（一）民主管理
1.十月召开教代会，征集教师提案并逐条答复，校务公开接受监督。
（二）素质提升
1.开展师德师风主题月，继续实施青蓝工程，师徒结对十二对。
（三）退休工作
1.重阳节走访退休教师，听取对学校发展的意见。
""",
    "北岭机械厂工会2026年工作计划": """一、重点工作
（一）劳动保护
1.深化安康杯竞赛，每季度排查一次车间隐患并公示整改结果。
（二）民主管理
1.落实厂务公开，征集合理化建议，评出优秀建议二十条。
（三）女职工工作
1.签订女职工权益保护专项集体合同，设立车间爱心小屋。
""",
    "松江农商银行工会2026年工作要点": """一、岗位练兵
组织点钞、反假币业务竞赛，对优胜柜员给予表彰。
二、关爱员工
对柜面员工开展压力疏导讲座，建好职工小家。
""",
    "青溪镇总工会2026年下半年工作计划": """一、组织建设
指导辖区小微企业组建工会，发展新就业形态劳动者入会。
二、维权服务
建好户外劳动者服务站点，夏季送清凉、冬季备热水。
""",
    "松坡林场工会2026年上半年工作总结": """一、工作回顾
上半年召开了职代会，完成了经费审查，慰问了困难职工十一户。
组织护林防火知识竞赛一次，取得了良好效果，收到表扬信三封。
二、存在不足
文体活动形式较单一，职工参与面有待扩大。
""",
}


NEEDS_LOOPBACK = (
    "test_app.py",
    "test_accessibility.py",
    "test_desk_browser.py",
    "test_desk_with_model.py",
    "test_search_browser.py",
    "test_stopping_browser.py",
    "test_tabs_browser.py",
    "test_server_model.py",
    "test_model_server.py",
    "test_model_download.py",
)

__all__ = ["tiny_model", "transformers_server"]


def loopback_works() -> bool:
    """Tell whether this machine can talk to itself; a network namespace without interfaces cannot."""
    with socket.socket() as server, socket.socket() as client:
        try:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.settimeout(2)
            client.connect(server.getsockname())
        except OSError:
            return False
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a server of its own where there is no loopback interface."""
    if loopback_works():
        return
    skip = pytest.mark.skip(reason="no loopback interface")
    for item in items:
        if item.path.name in NEEDS_LOOPBACK or "transformers_server" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has its own data folder and may not reach a model hub."""
    home = tmp_path / "home"
    monkeypatch.setenv("GONGHUI_HOME", str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return home


@pytest.fixture
def encoder() -> HashEncoder:
    """A small deterministic encoder."""
    return HashEncoder()


@pytest.fixture
def library(tmp_path: Path, encoder: HashEncoder) -> Iterator[Library]:
    """Six tiny documents of different unit types, without the starter library."""
    with Library.open(tmp_path / "library", encoder, starter=False) as opened:
        for title, body in DOCUMENTS.items():
            list(opened.add_text(f"{title}\n{body}", title))
        yield opened


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose library holds the starter plans, built once; copy it, never write into it."""
    home = tmp_path_factory.mktemp("starter") / "home"
    Library.open(home / "library").close()
    return home


@pytest.fixture
def ready_home(data_home: Path, starter_home: Path) -> Path:
    """The test's own data folder with the starter library already indexed."""
    shutil.copytree(starter_home, data_home)
    return data_home


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium for the tests of one file."""
    from browsing import launched

    with launched() as opened:
        yield opened


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages (address, width, height, language, scheme); only this machine may be asked for anything."""
    from browsing import visiting

    with visiting(browser) as visit:
        yield visit


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """The pages over an empty data folder for the tests of one file: the studio and the address."""
    from browsing import serving

    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running
