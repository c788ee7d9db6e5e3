"""`python -m ninethirty.standin`, for trying a stand-in by itself."""

from ninethirty.standin.command import standin

standin(prog_name="ninethirty standin")
