[profile]
kind=population
match=geoid;population
zone=America/Chicago
about=census blocks as points

[columns]
code=geoid
people=population
