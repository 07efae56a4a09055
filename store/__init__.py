"""Remembers: tables, commits, audit, queries. One writer per office; decides nothing."""
