[profile]
kind=areas
match=id;name;cp;childNum
about=districts and counties of the echarts maps, in the shifted datum GCJ-02
level=district
crs=gcj02

[columns]
code=id
name=name
