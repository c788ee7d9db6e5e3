"""Example forms of our own: roles instead of people, addresses nobody has."""

from ninethirty.core.breach import Field, Gap, Said

TITLE = "REPORTING A BREACH OF THE CODE OF PRACTICE FOR STATISTICS"


def form(
    *,
    title: str = "Barley yields, 2019 https://stats.example/barley-2019",
    producer: str = "Department for Examples",
    contact: str = "Head of statistics stats@producer.example 01632 960001",
    statement: str = "",
    report_date: str = "4 June 2019",
    practices: str = "T3.6 Release at the announced time",
    occurred: str = "3 June 2019",
    circumstances: str = "The page was late.",
    impact: str = "Readers had to wait.",
    actions: str = "A second address will be kept ready.",
) -> str:
    return f"""{TITLE}

1. Core Information

Title and link to statistical output\t{title}
Name of statistical producer\t{producer}
Name and contact details of person dealing with report\t{contact}
Link to published statement about the breach (if relevant)\t{statement}
Date of report\t{report_date}

2. Circumstances of breach

Relevant principle and practice\t{practices}
Date of occurrence of breach\t{occurred}

{circumstances}

3. Impact of the breach

{impact}

4. Corrective actions (taken or planned) to prevent re-occurrence

{actions}
"""


def value(field: Field) -> str:
    assert isinstance(field, Said), field
    return field.value


def asks(field: Field) -> str:
    assert isinstance(field, Gap), field
    return field.asks
