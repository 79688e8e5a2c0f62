[profile]
kind=areas
match=community;area_numbe
about=Chicago community areas
level=community

[columns]
code=area_numbe
name=community
