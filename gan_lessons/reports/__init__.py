"""A page that shows a run: its samples, how they came to be, and what was measured. It needs nothing but itself."""
