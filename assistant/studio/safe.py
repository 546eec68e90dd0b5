"""Use cases of keeping: the data in one file, and back again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.studio.opened import Opened

if TYPE_CHECKING:
    from assistant.backup import Restored


class SafeCases(Opened):
    """Backup, restore."""

    def backup(self, path: Path, now: datetime) -> Path:
        """Write all data to the .zip at `path`."""
        from assistant.backup import backup

        return backup(self.settings, path, now)

    def restore(self, path: Path, now: datetime) -> Iterator[str | Restored]:
        """Put a backup's data back, yielding a line for each step and at last what was done.

        :raises UserError: for a file that is no sound backup; then nothing has changed.
        """
        from assistant.backup import restore
        from assistant.settings import HOME_VARIABLE, load_settings

        self.close()
        for name in ("history", "tables"):
            self.__dict__.pop(name, None)
        done = restore(self.settings, path, now)
        self.settings = load_settings({**os.environ, HOME_VARIABLE: str(self.settings.home)})
        yield from self.library.rebuild()
        yield done
