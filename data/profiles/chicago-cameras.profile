[profile]
kind=cameras
match=osm_id;direction;zone;mount
about=OpenStreetMap surveillance nodes with a direction
note=(c) OpenStreetMap contributors

[columns]
code=osm_id
lon=lon
lat=lat
direction=direction
mount=mount
place=zone

[value mount]
pole=pole
wall=wall
*=other
