[profile]
kind=areas
match=BEAT_NUM;SECTOR;DISTRICT
about=Chicago police beats
level=beat

[columns]
code=BEAT_NUM
name=BEAT_NUM
parent=DISTRICT
