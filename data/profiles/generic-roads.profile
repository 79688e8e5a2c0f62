[profile]
kind=roads
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
class=class;CLASS;等级
oneway=oneway;单行
speed_kmh=speed_kmh;maxspeed;限速
layer=layer
foot=foot
ebike=ebike
car=car
