"""Training the built-in encoder: what is measured is never learnt from, and who cites what is read off the text."""

from __future__ import annotations

import json

import numpy as np
import pytest
from encoder_data import Article, Query, split_for_settings, split_randomly, split_strictly
from encoder_texts import citations, texts_of

from index.embed import StaticEncoder

QUERIES = [Query(f"问题{number}", (number // 2, 100 + number)) for number in range(50)]


@pytest.mark.parametrize("split", [split_randomly, split_strictly, split_for_settings])
def test_a_measured_question_is_never_trained_on(split):
    train, held = split(QUERIES)

    assert len(held) >= 10
    assert not set(train) & set(held)


def test_settings_are_chosen_without_the_measured_fifth():
    train, held = split_for_settings(QUERIES)

    assert not set(split_randomly(QUERIES)[1]) & {*train, *held}


def test_the_split_does_not_depend_on_the_order_of_the_questions():
    assert split_randomly(QUERIES[::-1]) == split_randomly(QUERIES)


def test_the_strict_split_shares_no_article():
    train, held = split_strictly(QUERIES)

    assert not {row for q in train for row in q.relevant} & {row for q in held for row in q.relevant}


def test_what_an_article_cites_is_found_by_law_and_number():
    articles = [
        Article("工会法 第十条", "工会会员人数较多的，可以建立工会委员会。"),
        Article("工会法 第五十条", "违反本法第十条规定的，由人民法院裁判。"),
        Article(
            "劳动争议解释 第三条", "依照《中华人民共和国工会法》第十条、第五十条办理；另据工会法第十条。"
        ),
        Article("劳动争议解释 第四条", "《无此法》第十条不在其中。"),
    ]

    assert citations(articles) == [(1, 0), (2, 0), (2, 1)]


def test_a_drawn_part_and_its_answer_come_from_one_article():
    words = {word: number for number, word in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉", 1)}
    articles = [
        Article("甲乙 丙", "甲乙丙丁戊己庚。甲乙丙丁戊己辛。"),
        Article("子丑 寅", "子丑寅卯辰巳午。子丑寅卯辰巳未。"),
    ]

    def tokenize(texts, limit):
        return [np.array([words[c] for c in text if c in words][:limit], np.int32) for text in texts]

    rows = texts_of(articles, tokenize).sample(0, 2, 40, np.random.default_rng(1))

    assert len(rows) == 40
    assert all((max(asked) <= 10) == (max(answer) <= 10) for asked, answer, _ in rows)


def test_a_question_is_turned_towards_its_answers(tmp_path):
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.Unigram([("[UNK]", -9.0), ("问", -1.0), ("答", -1.0)], unk_id=0))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text(json.dumps({"name": "gonghui-static-2-x"}), "utf-8")
    tensors = {
        "embeddings": np.array([[0, 0], [127, 0], [0, 127]], np.int8),
        "weights": np.full(3, 1 / 127, np.float32),
        "question_map": np.array([[0, 1], [1, 0]], np.float16),
    }
    save_file(tensors, tmp_path / "model.safetensors")
    encoder = StaticEncoder(tmp_path)

    assert encoder.encode_queries(["问"]) == pytest.approx(encoder.encode_passages(["答"]))
    assert encoder.encode_queries(["问答"])[0] == pytest.approx([0.5**0.5, 0.5**0.5], abs=1e-3)
