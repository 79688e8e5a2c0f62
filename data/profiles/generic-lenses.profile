[profile]
kind=lenses
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码
name=name;NAME;Name;名称
lens=lens;类型
fov_deg=fov_deg;fov;视场角
vfov_deg=vfov_deg
focal_mm=focal_mm;focal;焦距
sensor_mm=sensor_mm;sensor_width
width_px=width_px
range_m=range_m;range;有效距离
night_range_m=night_range_m
price=price;价格;单价
upkeep=upkeep;年维护费

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
