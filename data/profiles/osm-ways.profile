[profile]
kind=roads;buildings;osm;cameras;addresses;facilities;mustsee;areas
match=osm_id;other_tags
about=OpenStreetMap through GDAL: tags as columns, the others in other_tags
rules=osm
note=(c) OpenStreetMap contributors

[columns]
code=osm_id;osm_way_id
