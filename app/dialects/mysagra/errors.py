"""MySagra's error bodies: three shapes, told apart by what went wrong."""

from typing import Any

from app.domain.problems import Problem


class Refusal(Problem):
    """An application error: {"message": …, "error": "NotFoundError"}; without `error` it is one
    of the auth layer's."""

    def __init__(self, status: int, message: str, error: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class Wrong(Problem):
    """A validation error: 400 {"errors": [{code, path, message, …}]}. `path` holds keys and
    indexes; `more` are the code's own members, such as `expected`."""

    status = 400

    def __init__(self, code: str, path: list[str | int], message: str, **more: Any) -> None:
        super().__init__(message)
        self.issues = [{"code": code, "path": path, "message": message} | more]
