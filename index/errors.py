"""The two kinds of error: a sentence for the person (`UserError`) and everything else, which is a bug."""


class UserError(Exception):
    """Something the person can mend. The text is one Chinese sentence: what happened, what to do."""


class IndexMismatch(UserError):
    """The index was built with another encoder; the remedy is `gonghui library rebuild`."""
