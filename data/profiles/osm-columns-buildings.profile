[profile]
kind=buildings;osm;addresses
match=building;levels
about=OpenStreetMap tags as columns
rules=osm
note=(c) OpenStreetMap contributors

[columns]
code=osm_id;@id;id
