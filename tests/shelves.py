"""Plans, files and small libraries for the tests of the library."""

from __future__ import annotations

from pathlib import Path

from fakes import HashEncoder

from index.library import Library
from index.types import Filters

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
TITLE, BODY = next(iter(DOCUMENTS.items()))
PLAN = f"{TITLE}\n{BODY}"


def variant(mark: str) -> str:
    """Return another document: the same plan with a line of its own."""
    return f"{PLAN}2.为{mark}科室添置休息用品，九月底前到位。\n"


def write(folder: Path, name: str, text: str = PLAN) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def titles(library: Library, query: str, **filters: tuple) -> list[str]:
    return [hit.passage.title for hit in library.search(query, 10, Filters(**filters)).hits]


def open_at(tmp_path: Path, encoder: HashEncoder | None = None) -> Library:
    return Library.open(tmp_path / "l", encoder or HashEncoder(), starter=False)


def open_with_starter(tmp_path: Path, encoder: HashEncoder | None = None) -> Library:
    return Library.open(tmp_path / "s", encoder or HashEncoder())
