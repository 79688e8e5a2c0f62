[profile]
kind=addresses;facilities;mustsee
match=name;level
file=hfut_points*
about=named places of a campus

[columns]
name=name

[fill]
class=landmark
