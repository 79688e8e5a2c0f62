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

[value what]
no=no
only=only
no_left_turn=no
no_right_turn=no
no_straight_on=no
no_u_turn=no
no_entry=no
no_exit=no
only_left_turn=only
only_right_turn=only
only_straight_on=only
only_u_turn=only

[value foot]
0=0
1=1
yes=1
no=0
是=1
否=0

[value ebike]
0=0
1=1
yes=1
no=0
是=1
否=0

[value car]
0=0
1=1
yes=1
no=0
是=1
否=0
