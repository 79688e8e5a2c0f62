[profile]
kind=incidents
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
at_ms=at_ms;time;Time;date;Date;datetime;发生时间;报警时间;接警时间
category=category;type;Type;类别;警情类别
priority=priority;级别
state=state;状态
place=place;address;地址;地点
area=area;所属社区
