[profile]
kind=turns
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
what=what;restriction
from_way=from_way;from
to_way=to_way;to
via_way=via_way;via
foot=foot
ebike=ebike
car=car
hours=hours
