[profile]
kind=areas
match=DIST_NUM;DIST_LABEL
about=Chicago police districts
level=district

[columns]
code=DIST_NUM
name=DIST_LABEL
