"""The road of every turn: gather, decide, step, commit; deliver. Only here do the lower rooms meet."""
