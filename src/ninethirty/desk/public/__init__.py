"""Pages of the public site, rendered beforehand and served by the gate. Below the actions, because
arming a release renders it."""
