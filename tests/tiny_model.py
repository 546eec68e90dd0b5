"""A real, tiny Qwen3 model that has learnt a few short plan lines by heart.

Built once a test session from scratch: no weights are shipped and nothing is downloaded. It writes real
Chinese, so streaming, stopping and serving are tried on the real code paths of transformers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

LINES = (
    "1.每季度召开职工代表座谈会，听取意见并逐件答复。",
    "2.七月至八月为高温岗位职工送清凉，检查防暑药品。",
    "3.九月举办岗位技能比武，优胜者推荐参加市级比赛。",
    "4.十月组织秋季健步走，以工会小组为单位报名。",
)
ANSWER = "\n".join(LINES)
QUESTION = "请写民主管理一节"
SYSTEM = "你是工会工作人员"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
STEPS = 300
ENOUGH = 0.03  # the loss at which every line is known by heart


def build(folder: Path, answer: str = ANSWER) -> Path:
    """Train the model for a few seconds to answer with `answer`, and save it as a model folder."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.manual_seed(0)
    tokenizer = _tokenizer(answer)
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, max_position_embeddings=16384,
        tie_word_embeddings=True, bos_token_id=None,
        eos_token_id=tokenizer.convert_tokens_to_ids("<|im_end|>"),
        pad_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
    )  # fmt: skip
    model = Qwen3ForCausalLM(config)
    _learn(model, tokenizer, answer)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "tiny-plan"
    return folder if folder.exists() else build(folder)


def _tokenizer(answer):
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("."), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=list(SPECIAL), initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    raw.train_from_iterator([answer, QUESTION, SYSTEM, "user assistant system plan"] * 4, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="<|im_end|>", pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
    )  # fmt: skip
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def _learn(model, tokenizer, answer_text) -> None:
    """Teach it to write the answer after any prompt: half the prompts are the test's, half random tokens."""
    import torch

    thinks: tuple[dict[str, bool], ...] = ({}, {"enable_thinking": False})
    endings = [_prompt(tokenizer, text, switches) for text in (QUESTION, "") for switches in thinks]
    answer = tokenizer(answer_text + "<|im_end|>", add_special_tokens=False)["input_ids"]
    optimizer = torch.optim.AdamW(model.parameters(), lr=6e-3)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is several times slower on two
    losses = [1.0] * 12
    for step in range(STEPS):
        noise = torch.randint(len(SPECIAL), len(tokenizer), ((0, 300, 1800)[step % 3],)).tolist()
        prompt = noise + endings[step % len(endings)]
        batch = torch.tensor([prompt + answer])
        labels = torch.tensor([[-100] * len(prompt) + answer])
        loss = model(input_ids=batch, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses = [*losses[1:], loss.item()]
        if max(losses) < ENOUGH:
            break
    torch.set_num_threads(threads)


def _prompt(tokenizer, question: str, switches: dict[str, bool]) -> list[int]:
    """The tokens of a prompt, without its beginning when the question is left open."""
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **switches)
    text = text if question else text.rpartition("user\n")[2]
    return tokenizer(text, add_special_tokens=False)["input_ids"]
