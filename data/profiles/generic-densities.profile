[profile]
kind=densities
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码
name=name;NAME;Name;名称
px_per_m=px_per_m;density;像素密度
norm=norm;standard;标准
