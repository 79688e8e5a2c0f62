[profile]
kind=incidents
match=Date;PrimaryType;LocationDescription;Block;Latitude;Longitude
about=Chicago city portal, crimes; times are local to the minute
zone=America/Chicago

[columns]
lon=Longitude
lat=Latitude
at_ms=Date
category=PrimaryType
name=Description
place=Block

[fill]
state=closed
