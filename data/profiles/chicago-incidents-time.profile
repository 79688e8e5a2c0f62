[profile]
kind=incidents
match=Date;Latitude;Longitude
file=chicago_*
about=Chicago city portal, crimes: times and places only
zone=America/Chicago

[columns]
lon=Longitude
lat=Latitude
at_ms=Date

[fill]
state=closed
category=not given
