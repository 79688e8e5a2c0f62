[profile]
kind=osm
match=landuse
about=OpenStreetMap tags as columns
rules=osm
note=(c) OpenStreetMap contributors

[columns]
code=osm_id;@id;id
