"""The formats of a bid's document, one module each: all are written from the same tree, so all say the same.

A format is a pure function from a document to text, bytes or source files; what must be drawn or compiled is handed in.
"""
