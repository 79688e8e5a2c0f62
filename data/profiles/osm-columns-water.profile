[profile]
kind=osm
match=natural
about=OpenStreetMap tags as columns
rules=osm
note=(c) OpenStreetMap contributors

[columns]
code=osm_id;@id;id
