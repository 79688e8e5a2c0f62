[profile]
kind=areas
match=code;name;areaCode;cityCode;provinceCode
about=streets and towns of China by code; names only
level=street

[columns]
code=code
name=name
parent=areaCode
