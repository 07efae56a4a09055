"""The shell: commands, daemon, channels, import and export. Knows everybody, decides nothing."""
