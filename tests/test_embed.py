"""Encoders: unit rows, nothing downloaded, and the built-in one knows the words of the trade."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import BUILT_IN_FOLDER, SentenceEncoder, StaticEncoder, load_encoder, unit_rows
from index.errors import IndexMismatch, UserError
from index.library import Library


@pytest.fixture(scope="module")
def built_in():
    return load_encoder()


def cosine(encoder, left, right):
    return float(encoder.encode_queries([left])[0] @ encoder.encode_passages([right])[0])


def test_rows_are_unit_float32(built_in):
    rows = built_in.encode_passages(["召开职代会", "落实院务公开，慰问困难职工"])

    assert rows.dtype == np.float32
    assert rows.shape == (2, built_in.dim)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "。！", "\u0b85\u0b86"])
def test_a_text_without_known_words_is_a_row_of_zeros(built_in, text):
    assert not built_in.encode_queries([text]).any()


def test_no_texts_give_no_rows(built_in):
    assert built_in.encode_passages([]).shape == (0, built_in.dim)


def test_a_text_does_not_depend_on_its_neighbours(built_in):
    alone = built_in.encode_passages(["慰问困难职工"])[0]
    among = built_in.encode_passages(["召开职代会，审议报告", "慰问困难职工", "工会"])[1]

    assert np.array_equal(alone, among)


def test_long_texts_are_read_to_their_end(built_in):
    start = "召开职工代表大会。" * 400

    assert built_in.count_tokens(start) > built_in.max_tokens
    assert (
        cosine(built_in, "护林防火", start + "护林防火。" * 400) > cosine(built_in, "护林防火", start) + 0.2
    )


def test_tokens_are_counted_without_markers(built_in):
    assert built_in.count_tokens("") == 0
    assert 0 < built_in.count_tokens("职工代表大会") <= 6


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        ("帮助困难职工", "对生活困难的职工给予救助和慰问", "组织篮球比赛和歌咏会"),
        ("劳动安全", "排查生产安全事故隐患，加强劳动保护", "开展读书和摄影活动"),
        ("工资集体协商", "就劳动报酬与企业签订集体合同", "定期组织女职工健康检查"),
        ("经费审查", "工会经费的收支接受审计监督", "看望退休的老同志"),
    ],
)
def test_meaning_is_nearer_than_another_subject(built_in, query, near, far):
    assert cosine(built_in, query, near) > cosine(built_in, query, far) + 0.1


def test_the_name_changes_with_the_weights(built_in):
    assert built_in.name.startswith("gonghui-static-")


def test_missing_weights_are_one_sentence(tmp_path):
    with pytest.raises(UserError, match="重新安装"):
        StaticEncoder(tmp_path)


def test_the_built_in_encoder_needs_no_torch():
    code = (
        "import sys; from index.embed import load_encoder; load_encoder().encode_queries(['工会']); "
        "sys.exit(int(any(name in sys.modules for name in ('torch', 'transformers', 'model2vec'))))"
    )
    root = Path(__file__).parents[1]

    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_normalising_keeps_zeros():
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0, 0],
    ]


@pytest.mark.slow
def test_a_model_that_is_not_here_is_one_sentence():
    with pytest.raises(UserError, match="本机没有找到"):
        load_encoder("nobody/no-such-model")


@pytest.mark.slow
def test_any_sentence_transformers_folder_serves_with_its_prompts(tmp_path):
    encoder = SentenceEncoder(str(save_tiny_model(tmp_path / "模型")))

    plain, query = encoder.encode_passages(["工会"])[0], encoder.encode_queries(["工会"])[0]

    assert (encoder.dim, encoder.max_tokens) == (8, 32)
    assert np.linalg.norm(plain) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(plain, query)
    assert encoder.count_tokens("工会") == 4
    assert encoder.encode_queries([]).shape == (0, 8)


@pytest.mark.slow
def test_a_library_serves_with_such_a_model_and_refuses_another_until_rebuilt(tmp_path):
    text = "甲厂工会2027年工作计划\n一、民主管理\n1.工会查询会务公开情况，每季度公布一次。\n2.工会会员查询会费收支。"
    encoder = SentenceEncoder(str(save_tiny_model(tmp_path / "模型")))
    with Library.open(tmp_path / "l", encoder, starter=False) as library:
        list(library.add_text(text, "计划"))
        assert library.stats().encoder == str(tmp_path / "模型")
        assert "semantic" in library.search("会费查询").hits[0].found_by

    with Library.open(tmp_path / "l", StaticEncoder(BUILT_IN_FOLDER), starter=False) as other:
        with pytest.raises(IndexMismatch, match="gonghui library rebuild"):
            other.search("会费查询")
        list(other.rebuild())
        assert other.search("会费查询").hits


@pytest.mark.slow
def test_a_model_reads_no_more_than_its_own_length(tmp_path):
    encoder = SentenceEncoder(str(save_tiny_model(tmp_path / "模型")))

    short, long = encoder.encode_passages(["工会" * 15, "工会" * 15 + "查询" * 200])

    assert np.allclose(short, long, atol=1e-5)
    assert encoder.count_tokens("工会" * 100) == 202


def save_tiny_model(folder: Path) -> Path:
    """Write a random two-layer BERT with a query prompt, built on the spot."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(1)
    base = folder.with_name("bert")
    base.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "工", "会", "查", "询", "："]
    (base / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizer(str(base / "vocab.txt")).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=32)
    model = SentenceTransformer(
        modules=[transformer, Pooling(8)], prompts={"query": "查询：", "document": ""}, device="cpu"
    )
    model.save(str(folder))
    return folder
