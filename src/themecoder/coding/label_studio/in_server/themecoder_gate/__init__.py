"""The gate: an account of the study's own Label Studio reaches its own work and nothing else.

The open edition lets everyone with an account list, change and delete everything. The researcher's
account may still do so. Every other account may ask for what the coding page asks for
(``routes.py``), of its own tasks (``study_work.py``), and is shown its own part (``answers.py``).
All else is refused. ``middleware.py`` is where Label Studio meets these rules, ``settings.py`` how
it comes to have them.
"""
