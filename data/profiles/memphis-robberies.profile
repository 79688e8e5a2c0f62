[profile]
kind=incidents
match=uid;offense_type;date
about=robberies; the file marks local times as UTC, so the mark is left out
zone=America/Chicago
time=%Y/%m/%d %H:%M:%S*

[columns]
code=uid
category=offense_type
at_ms=date

[fill]
state=closed
