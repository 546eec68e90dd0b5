"""The optional cross-encoder: a real tiny one orders the best hits anew, visibly; without one nothing changes."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.settings import load_settings
from assistant.studio import Studio
from index.errors import UserError
from index.library import Library, load_reranker
from index.rerank import DEPTH, CrossReranker, reranked
from index.types import Genre, Hit, Passage, PassageKind

BASE = Passage(0, "d", "计划", Genre.PLAN, None, None, None, None, PassageKind.ITEM, "", "", 0, 0)
CHARACTERS = "院务公开职代会走访慰问困难员夜班护士安全生产检查工会经费送清凉"


class ByLength:
    """A reranker whose scores are plain: the longer a text, the better."""

    name = "按长短"

    def __init__(self):
        self.asked = []

    def scores(self, query, texts):
        self.asked.append((query, list(texts)))
        return np.array([len(text) for text in texts], np.float32)


def hits(*texts):
    return [Hit(replace(BASE, id=n, text=t), 1 - n / 100, ("lexical",)) for n, t in enumerate(texts, 1)]


def test_the_best_are_put_in_the_new_order_and_say_so_while_scores_still_fall():
    found = reranked(hits("一", "三三三", "二二"), "问", ByLength())

    assert [hit.passage.text for hit in found] == ["三三三", "二二", "一"]
    assert [hit.score for hit in found] == [0.99, 0.98, 0.97]
    assert {hit.found_by for hit in found} == {("lexical", "reranked")}


def test_equal_scores_keep_their_order_and_what_comes_late_is_left_alone():
    many = hits(*["同"] * DEPTH, "长长长长")

    found = reranked(many, "问", ByLength())

    assert [hit.passage.id for hit in found] == list(range(1, DEPTH + 2))
    assert found[-1] == many[-1]


def test_without_one_or_without_hits_nothing_changes():
    assert reranked(hits("一", "二二"), "问", None) == hits("一", "二二")
    assert reranked([], "问", ByLength()) == []


def test_a_library_asks_it_with_the_query_and_the_headings_of_each_passage(library):
    second_look = ByLength()
    library._reranker = second_look

    found = library.search("院务公开").hits

    ((query, texts),) = second_look.asked
    assert query == "院务公开"
    assert any(text.startswith("二、主要工作 › （一）民主管理\n") for text in texts)
    lengths = [len(f"{hit.passage.trail}\n{hit.passage.text}".strip()) for hit in found]
    assert lengths == sorted(lengths, reverse=True)
    assert all("reranked" in hit.found_by for hit in found)


@pytest.fixture(scope="module")
def tiny_cross_encoder(tmp_path_factory):
    """A real, tiny, untrained cross-encoder in a folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=128, num_labels=1, initializer_range=0.8,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_real_cross_encoder_scores_each_pair_as_transformers_does(tiny_cross_encoder):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    texts = ["走访慰问困难职工", "院务公开检查", "夜班护士送清凉"]
    tokenizer = AutoTokenizer.from_pretrained(tiny_cross_encoder)
    model = AutoModelForSequenceClassification.from_pretrained(tiny_cross_encoder).eval()
    with torch.no_grad():
        plain = model(**tokenizer(["院务公开"] * 3, texts, padding=True, return_tensors="pt")).logits[:, 0]

    scores = CrossReranker(str(tiny_cross_encoder)).scores("院务公开", texts)

    assert len(set(scores.tolist())) == 3
    assert np.argsort(scores).tolist() == np.argsort(plain.numpy()).tolist()


@pytest.mark.slow
def test_it_is_a_setting_off_unless_named(ready_home, tiny_cross_encoder, monkeypatch):
    plain = Studio(load_settings())
    before = plain.search("走访慰问困难职工").hits
    plain.close()
    monkeypatch.setenv("GONGHUI_RERANKER", str(tiny_cross_encoder))
    second = Studio(load_settings())
    after = second.search("走访慰问困难职工").hits
    second.close()

    assert all("reranked" not in hit.found_by for hit in before)
    assert all("reranked" in hit.found_by for hit in after)
    assert [hit.passage.id for hit in before] != [hit.passage.id for hit in after]


@pytest.mark.slow
def test_a_model_that_is_not_here_is_one_sentence_and_never_fetched(library):
    library._reranker = load_reranker("nobody/has-this")

    with pytest.raises(UserError, match="精排模型“nobody/has-this”"):
        library.search("院务公开")
    assert load_reranker(" ") is None


def test_the_library_is_opened_without_loading_it(tmp_path):
    with Library.open(tmp_path / "l", starter=False, reranker=load_reranker("nobody/has-this")) as opened:
        assert opened.documents() == []
