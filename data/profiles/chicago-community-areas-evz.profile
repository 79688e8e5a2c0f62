[profile]
kind=areas
match=COMMUNITY;AREA_NUMBE
about=Chicago community areas, another edition; its file declares the datum Hu Tzu Shan 1950
level=community

[columns]
code=AREA_NUMBE
name=COMMUNITY
