"""The language server, for editors: a bid's findings while it is typed, and its pages as soon as they are typeset.

Each module but two takes texts, reports and places and gives plain data. `documents` keeps what is open and lets older
work give way to newer; `server` alone speaks the protocol.
"""
