"""The layout holds: imports run one way, heavy packages load late, modules stay readable."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "docx",
    "gradio",
    "openai",
    "langchain_text_splitters",
    "pypdfium2",
    "bs4",
    "opencc",
    "tantivy",
    "rjieba",
    "model2vec",
    "openvino",
    "openvino_genai",
    "gguf",
}
DOORS = {"index.library", "index.types", "index.errors", "index.labels", "index.embed"}
MODULES = sorted(
    [
        *ROOT.glob("index/**/*.py"),
        *ROOT.glob("assistant/**/*.py"),
        *ROOT.glob("prompts/*.py"),
        ROOT / "app.py",
    ]
)


def imports(path: Path, top_only: bool = False) -> set[str]:
    """Return the modules a file imports; `top_only` leaves out what functions and TYPE_CHECKING import."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_index_never_imports_assistant(path):
    if path.is_relative_to(ROOT / "index"):
        assert not [name for name in imports(path) if name.split(".")[0] in ("assistant", "app", "gradio")]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_assistant_enters_the_index_by_its_doors(path):
    if not path.is_relative_to(ROOT / "index"):
        modules = {name for name in imports(path) if name.startswith("index.")}
        assert not [name for name in modules if not name.startswith(tuple(DOORS))]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_heavy_at_module_top(path):
    allowed = {"gradio"} if path.name == "app.py" or path.name.startswith("tab") else set()
    heads = {name.split(".")[0] for name in imports(path, top_only=True)}
    assert not (heads & HEAVY) - allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_pages_know_gradio(path):
    if "gradio" in {name.split(".")[0] for name in imports(path)}:
        assert path.name == "app.py" or path.name.startswith("tab")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_readable(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text)), "every module says what it does"


def test_the_views_and_the_command_line_stand_above_the_rest():
    above = {
        "assistant.studio",
        "assistant.cli",
        "assistant.commands",
        "assistant.views",
        "assistant.html_panels",
        "assistant.plan_commands",
        "assistant.judging_commands",
        "assistant.judging_views",
        "assistant.model_commands",
        "assistant.keeping_commands",
        "assistant.library_commands",
        "assistant.library_views",
        "assistant.doctor",
        "assistant.bench",
        "app",
    }
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.startswith("assistant") or name in above or path.name.startswith("tab"):
            continue
        own = {"assistant.studio"} if name.startswith("assistant.studio.") else set()
        assert not (imports(path) & above - own), name


def test_the_command_line_loads_nothing_heavy():
    code = "import sys, assistant.cli; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not [name for name in HEAVY | {"numpy"} if f"'{name}'" in loaded]


@pytest.mark.usefixtures("ready_home")
def test_search_never_loads_torch():
    code = (
        "import sys; from assistant.cli import main; code = main(['search', '院务公开', '--json']);"
        "print(code, sorted({m.split('.')[0] for m in sys.modules} & {'torch', 'transformers', 'gradio',"
        " 'sentence_transformers', 'docx', 'openai'}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "0 []"
