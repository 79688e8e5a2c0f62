[profile]
kind=nolooks
file=*
about=well-named columns in English or Chinese

[columns]
code=code;CODE;id;ID;编码;编号;代码
name=name;NAME;Name;名称
class=class;type;类型

[value class]
dormitory=dormitory
guest_room=guest_room
bath=bath
toilet=toilet
changing=changing
nursing=nursing
secret=secret
宿舍=dormitory
客房=guest_room
浴室=bath
卫生间=toilet
更衣室=changing
哺乳室=nursing
母婴室=nursing
涉密=secret
