"""
Dashboards at /console/dashboards: the figures of bot/desk/reports/ as charts, for supervisors and
maintainers. They show no single member of staff.

Figures come as tables (overview.py of the reports). `charts.py` says which form each has and in
which words, `forms.py` and `items.py` write the form in Vega-Lite, `drawing.py` has it drawn, and
`pages.py` serves page, drawings and CSV. To add a chart: a Topic with its table in the reports,
its words in `wording.py`, its form in `charts.py`.
"""
