"""What went wrong with a model server, as one sentence for the person."""

from __future__ import annotations

from index.errors import UserError

LONGEST_REASON = 80
BROKEN_OFF = "模型服务答到一半断了，请检查服务是否还在运行，再试一次。"
PASSING = (429, 502, 503, 504)


class PassingError(UserError):
    """Something that may be over in a moment: a busy server, a connection that broke."""


def explain_server_error(error: Exception, url: str, seconds: float) -> UserError:
    """Return the sentence for an error of the openai client talking to `url`, given `seconds` of patience."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return UserError(
            f"模型服务（{url}）{seconds:g} 秒内没有回应，请稍后再试，或在设置里调长 model_timeout。"
        )
    if isinstance(error, openai.APIConnectionError):
        return _connection_sentence(error, url)
    if isinstance(error, openai.APIStatusError):
        return _status_sentence(error, url)
    if isinstance(error, openai.APIError):
        return UserError(f"模型服务出错（{_reason(error)}），请查看服务的日志后再试。")
    return UserError(
        f"模型服务（{url}）的答复读不懂，请检查网址是不是 OpenAI 兼容的接口（一般以 /v1 结尾）。"
    )


def _connection_sentence(error: Exception, url: str) -> UserError:
    """A connection that broke after it stood is told apart from one that never came about."""
    kind = type(error.__cause__).__name__
    if kind in ("RemoteProtocolError", "ReadError"):
        return PassingError(BROKEN_OFF)
    return UserError(f"连不上模型服务（{url}），请确认服务已启动、网址没有写错。")


def _status_sentence(error: Exception, url: str) -> UserError:
    status = int(getattr(error, "status_code", 0))
    reason = _reason(error)
    if status in (401, 403):
        return UserError(f"模型服务（{url}）拒绝了访问，请检查密钥（model_key）是否正确。")
    if status == 429:
        return PassingError("模型服务说请求太多或额度已用完，请稍后再试。")
    if "context" in reason and status in (400, 413, 422):
        return UserError(f"这一节的材料太长，超出模型能读的长度（{reason}），请减少参考材料或换一个模型。")
    if 300 <= status < 400:
        return UserError(f"模型服务（{url}）要转到别的网址，程序不会跟过去，请直接填写最终的网址。")
    if status >= 500:
        kind = PassingError if status in PASSING else UserError
        return kind(f"模型服务内部出错（{status}，{reason}），请查看服务的日志，或稍后再试。")
    return UserError(f"模型服务不接受这次请求（{status}，{reason}），请检查模型名称和设置。")


def _reason(error: Exception) -> str:
    """The server's own words, one line; without them the kind of error."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message") or inner.get("detail") if isinstance(inner, dict) else inner
    words = " ".join(str(message or getattr(error, "message", "") or type(error).__name__).split())
    return words[:LONGEST_REASON]
