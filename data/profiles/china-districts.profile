[profile]
kind=areas
match=code;name;cityCode;provinceCode
about=districts and counties of China by code; names only
level=district

[columns]
code=code
name=name
parent=cityCode
