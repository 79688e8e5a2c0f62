[profile]
kind=sites
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码
name=name;NAME;Name;名称
lon=lon;longitude;Longitude;LON;Lon;lng;x;X;经度
lat=lat;latitude;Latitude;LAT;Lat;y;Y;纬度
mount=mount;安装方式
owner=owner;建设类别
heading_deg=heading_deg;heading;朝向
height_m=height_m;height;高度
cost=cost;费用
mandatory=mandatory;必设

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
