"""The report as JSON: the same shape whether it was read or drafted, in the order of the form."""

import json

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import as_document


def write_json(report: Report) -> str:
    return json.dumps(as_document(report), indent=2, ensure_ascii=False) + "\n"
