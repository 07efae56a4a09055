"""When something should happen and what is wanted. Pure: no database, no clock, no network."""
