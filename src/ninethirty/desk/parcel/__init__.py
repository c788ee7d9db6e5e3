"""Files on their way from somebody's browser: kept aside, checked and unpacked before any of them
is handed in. No Django here, and nothing of the record."""
