"""
One module for each change of the tables.

To add one, copy the newest, set its `down_revision` to that one's `revision`, and name its file
after its revision. Write types out: a migration must not change when the program does. A test
compares the sum of all with tables.py.
"""
