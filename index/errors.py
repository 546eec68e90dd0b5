"""The two kinds of error: a sentence for the person (`UserError`) and everything else, which is a bug."""


class UserError(Exception):
    """Something the person can mend. The text is one Chinese sentence: what happened, what to do."""


class IndexMismatch(UserError):
    """The index was built with another encoder; the remedy is `gonghui library rebuild`."""


class PartlyRead(UserError):
    """Some members of an archive could not be read; `failures` are their names and why."""

    def __init__(self, sentence: str, failures: tuple[tuple[str, str], ...]) -> None:
        super().__init__(sentence)
        self.failures = failures
