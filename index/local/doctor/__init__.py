"""What SQLite's tables and the file beside them are, against what they have to be: ``index_findings``."""

from index.local.doctor.checkup import index_findings
from index.local.doctor.search_file import search_file_finding

__all__ = ["index_findings", "search_file_finding"]
