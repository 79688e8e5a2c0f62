[profile]
kind=roads;osm
match=@id;highway
about=OpenStreetMap through Overpass: tags as columns
rules=osm
note=(c) OpenStreetMap contributors

[columns]
code=@id
