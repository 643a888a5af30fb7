"""The published agreement: a checked policy as pages that people read.

``pages.pages`` makes them; the doors to it are the MkDocs plugin and ``leadpact site``. Nothing is
imported here: the command line looks into this package for its commands.
"""
