[profile]
kind=cameras
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码;设备编码;코드
name=name;NAME;Name;名称;명칭
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度;경도;WGS84경도
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度;위도;WGS84위도
owner=owner;建设类别
lens=lens;类型
mount=mount;安装方式
state=state;状态
heading_deg=heading_deg
heading_err_deg=heading_err_deg
direction=direction;heading;bearing;方向;朝向
direction_type=DirectionType
fov_deg=fov_deg;fov;视场角
view=view
range_m=range_m;range;有效距离
night_range_m=night_range_m
height_m=height_m;height;高度
tilt_deg=tilt_deg;tilt;俯角
width_px=width_px
focal_mm=focal_mm;focal;focal_length;焦距
sensor_mm=sensor_mm;sensor_width
vfov_deg=vfov_deg
resolution=resolution;Resolution;分辨率
megapixels=megapixels;像素
ptz=PTZType
cameras=cameras;数量
place=place;address;Address;地址;安装位置

[value owner]
government=government
unit=unit
shop=shop
compound=compound
unknown=unknown
政府=government
公共区域=government
单位=unit
内部单位=unit
店铺=shop
沿街店铺=shop
小区=compound
物业=compound

[value mount]
pole=pole
wall=wall
立杆=pole
灯杆=pole
壁装=wall
*=other

[value lens]
fixed=fixed
ptz=ptz
dome=dome
panorama=panorama
枪机=fixed
固定枪机=fixed
球机=ptz
半球=dome
全景=panorama

[value state]
working=working
faulty=faulty
planned=planned
ON=working
OFF=faulty
正常=working
在线=working
故障=faulty
离线=faulty
规划=planned
