"""What runs inside Label Studio, in its environment and not in ours.

The folder is put on the path of its process (``local_server.py``). Nothing of ``themecoder`` can be
imported there, so the package in it stands by itself.
"""
