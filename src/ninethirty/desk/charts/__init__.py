"""Charts made on the server: SVG without script or inline style, each with its table and the same
in words. They stand under papers and public pages alike, and know neither."""
