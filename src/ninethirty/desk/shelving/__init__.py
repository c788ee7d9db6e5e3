"""What can be done to a schedule without a desk's database: seal, hold, withdraw, look, verify.

No Django here. A store is a shelf (`ninethirty.desk.shelf`) and the notes that people left on it.
"""
