[profile]
kind=areas
match=precinct
zone=America/Chicago
about=police precincts
level=precinct

[columns]
code=precinct
name=precinct
