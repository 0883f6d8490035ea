"""
Pages of one HTML file each: the head, the looks and the charts that reports share.

Every value is escaped; there is no script, and the policy in the head forbids any.
"""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

HERE = "knowledge.report"


def template(name: str, *, package: str = HERE, decimals: int = 0) -> Template:
    """
    A template of a package, which may extend `page.html` and use the macros of `parts.html`.

    `decimals` are those of the filter `percent`; `figure` sets thousands apart.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(one) for one in dict.fromkeys((package, HERE))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: f"{share:.{decimals}%}"
    environment.filters["figure"] = lambda number: f"{number:,}"
    return environment.get_template(name)
