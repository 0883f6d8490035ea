"""
Who may open the staff console: accounts, passwords, second factors, sessions.

Nothing here knows of the web: the console and the command line call the same services. What an
account may do is the roster's business (bot/desk/roster.py); an account only says which member of
staff somebody is.
"""
