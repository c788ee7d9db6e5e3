"""Pages that a producer wrote as Markdown: index.md of a folder, made into its index.html."""
