[profile]
kind=units
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
unit_kind=unit_kind;kind;类型
status=status;状态
agency=agency;所属单位
area=area;所属社区
radio=radio;电台号
force=force;力量
skills=skills;能力

[value force]
police=police
公安=police
民警=police
派出所=police
auxiliary=auxiliary
辅警=auxiliary
guard=guard
保安=guard
网格员=volunteer
volunteer=volunteer
志愿者=volunteer
义警=volunteer
emergency=emergency
应急=emergency
应急队=emergency
应急分队=emergency
unknown=unknown
