"""Everything that a home holds in one file, and back: ``making.py`` and ``restoring.py``, the file in
``archive.py``."""

from rag.backup.making import Backup, back_up
from rag.backup.restoring import Restored, check, restore

__all__ = ["Backup", "Restored", "back_up", "check", "restore"]
