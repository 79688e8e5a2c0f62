[profile]
kind=roads
match=gate_id;route_id;route_type
about=walking routes of a campus

[columns]
name=name
code=route_id

[fill]
class=path
foot=1
ebike=1
car=0
