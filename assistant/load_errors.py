"""What went wrong while a model was read or run, as one sentence for the person."""

from __future__ import annotations

from index.errors import UserError


def explain_load_error(error: Exception, name: str) -> UserError:
    """Return the sentence for whatever went wrong while reading a model's files."""
    if told := memory_sentence(error, name):
        return told
    text = str(error)
    if "trust_remote_code" in text or "does not recognize this architecture" in text:
        return UserError(f"程序不认识模型“{name}”的类型，请换一个模型或升级 transformers。")
    if isinstance(error, ImportError):
        return UserError(f"模型“{name}”需要另装组件才能运行（多为量化模型），请换用未量化的版本。")
    reason = text.strip().split("\n")[0][:80] or type(error).__name__
    return UserError(f"模型“{name}”读不出来（{reason}），请重新拷贝模型或换一个。")


def memory_sentence(error: BaseException, name: str) -> UserError | None:
    """Return the sentence for an error that means too little memory, None for any other."""
    text = str(error)
    short = ("out of memory", "not enough memory", "bad_alloc", "bad allocation")
    if isinstance(error, MemoryError) or any(words in text for words in short):
        return UserError(f"内存不够，模型“{name}”停了下来，请关掉别的程序或换小一点的模型。")
    return None
