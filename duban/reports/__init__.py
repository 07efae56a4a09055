"""Findings and results in the forms that other programs read: json, github, sarif, junit."""
