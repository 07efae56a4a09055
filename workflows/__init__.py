"""What may follow in which state, and who may ask. Pure; the only room that imports transitions."""
