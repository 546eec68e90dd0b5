"""Our own attention for a few tokens, the growing state and packed weights give what torch gives."""

from types import SimpleNamespace

import pytest

from assistant.short_attention import MOST_TOKENS, ROOM, _attend, _roomy_layer

torch = pytest.importorskip("torch")
GROUPS, EVERY, WIDTH = 2, 70, 8


@pytest.mark.parametrize("new", [1, 5, MOST_TOKENS, MOST_TOKENS + 1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_few_tokens_attend_as_torch_has_it(new, dtype):
    torch.manual_seed(new)
    query = torch.randn(1, 2 * GROUPS, new, WIDTH, dtype=dtype)
    key, value = (torch.randn(1, GROUPS, EVERY, WIDTH, dtype=dtype) for _ in "kv")
    mask = torch.ones(new, EVERY, dtype=torch.bool).tril(EVERY - new)[None, None]
    module = SimpleNamespace(num_key_value_groups=2, is_causal=True, training=False)
    ours, _ = _attend(module, query, key, value, None if new == 1 else mask, scaling=0.3)
    full = (part.repeat_interleave(2, 1).float() for part in (key, value))
    theirs = torch.nn.functional.scaled_dot_product_attention(query.float(), *full, attn_mask=mask, scale=0.3)
    near = 1e-5 if dtype is torch.float32 else 0.03
    assert ours.shape == (1, new, 2 * GROUPS, WIDTH)
    assert torch.allclose(ours.float(), theirs.transpose(1, 2), atol=near)


def test_the_state_grows_in_place_and_can_be_cut_back():
    layer, plain = _roomy_layer()(), torch.zeros(1, GROUPS, 0, WIDTH)
    for step, size in enumerate((40, 1, ROOM, 3)):
        fresh = torch.randn(1, GROUPS, size, WIDTH)
        keys, values = layer.update(fresh, -fresh)
        plain = torch.cat([plain, fresh], 2)
        assert torch.equal(keys, plain)
        assert torch.equal(values, -plain)
        if step % 2:
            layer.crop(-1)
            plain = plain[:, :, :-1]
    assert layer.get_seq_length() == 40 + ROOM + 2


def test_packed_layers_multiply_as_plain_ones():
    from assistant.packed import pack

    model = (
        torch.nn.Sequential(torch.nn.Linear(64, 96), torch.nn.Linear(96, 32, bias=False)).bfloat16().eval()
    )
    model.dtype, model.device = torch.bfloat16, torch.device("cpu")
    with torch.inference_mode():
        rows = torch.randn(1, 9, 64).bfloat16()
        plain = model(rows)
        pack(model)
        assert torch.allclose(model(rows), plain, atol=0.05)
        assert torch.allclose(model(rows[:, :1]), plain[:, :1], atol=0.05)
