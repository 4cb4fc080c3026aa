"""What files of counts are refused for."""

from collections.abc import Sequence

from merchant_api.core.errors import Invalid
from merchant_api.core.table_in import Complaint

SHOWN = 200


class BadLines(Invalid):
    """Some lines of the file can't be counted, so nothing was counted."""

    code = "bad_lines"

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        """Shows the first 200 complaints, by line, and says how many there are."""
        self.total = len(complaints)
        self.first = sorted(complaints, key=lambda complaint: complaint.line)[:SHOWN]
        number = len({complaint.line for complaint in complaints})
        super().__init__(
            f"{number:,} {'line' if number == 1 else 'lines'} can't be counted; nothing was counted.",
            total=self.total,
            lines=[{"line": it.line, "column": it.column, "complaint": it.complaint} for it in self.first],
        )
