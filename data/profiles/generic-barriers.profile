[profile]
kind=barriers
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
class=class;barrier;type;类型
foot=foot;步行
ebike=ebike;bicycle;非机动车
car=car;motor_vehicle;机动车
hours=hours;opening_hours;开放时间

[value foot]
0=0
1=1
2=2
yes=1
no=0
是=1
否=0
允许=1
禁止=0

[value ebike]
0=0
1=1
2=2
yes=1
no=0
是=1
否=0
允许=1
禁止=0

[value car]
0=0
1=1
2=2
yes=1
no=0
是=1
否=0
允许=1
禁止=0
