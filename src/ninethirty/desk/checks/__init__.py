"""What a person should look at again in the files of a release, before they are sealed. Nothing
here refuses anything: a finding is for somebody to judge."""
