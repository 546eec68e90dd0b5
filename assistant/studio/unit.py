"""Use cases of the unit itself: its profile and the settings."""

from __future__ import annotations

from pathlib import Path

from assistant.profile import load_profile, save_profile
from assistant.settings import save_settings
from assistant.studio.opened import Opened
from assistant.types import Profile
from index.errors import UserError


class UnitCases(Opened):
    """Profile and settings."""

    def profile(self, path: Path | None = None) -> Profile:
        """Return the unit's profile, or the one in `path`.

        :raises UserError: when a named file is missing or wrong.
        """
        if path is not None and not path.is_file():
            raise UserError(f"找不到单位档案“{path}”，请检查文件名。")
        return load_profile(path or self.settings.profile)

    def save_profile(self, profile: Profile) -> None:
        """Keep `profile` as the unit's own."""
        save_profile(self.settings.profile, profile)

    def change_settings(self, **changes: str | int) -> None:
        """Keep changed settings; the model and the library are opened anew when next needed."""
        self.settings = save_settings(self.settings, **changes)
        self.close()
