[profile]
kind=areas
match=PRI_NEIGH
about=Chicago neighbourhoods
level=neighbourhood

[columns]
code=PRI_NEIGH
name=PRI_NEIGH
