[profile]
kind=rosters
file=*
about=well-named columns in English or Chinese

[columns]
code=code;unit;unit_code;人员编号;编号
from_ms=from_ms;from;start;开始时间;上班
to_ms=to_ms;to;end;结束时间;下班
area=area;所属社区
post=post;岗位
