"""A web page to look at committed runs: served to this machine, or written to a folder."""
