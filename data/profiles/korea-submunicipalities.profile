[profile]
kind=areas
match=code;name;name_eng;base_year
about=South Korea, submunicipalities; the file does not name its datum, WGS 84 is assumed
level=submunicipality

[columns]
code=code
name=name
