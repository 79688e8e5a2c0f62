[profile]
kind=areas
match=code;name;streetCode;areaCode;cityCode;provinceCode
about=communities and villages of China by code; names only
level=community

[columns]
code=code
name=name
parent=streetCode
