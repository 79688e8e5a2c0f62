[profile]
kind=areas
match=COMMUNITY;AREA_NUMBE
about=Chicago community areas, another edition; its columns are shifted by one, its datum (Hu Tzu Shan 1950) is honoured: read plainly it lies 0.8 km off
level=community

[columns]
code=COMMUNITY
name=AREA_NUMBE
