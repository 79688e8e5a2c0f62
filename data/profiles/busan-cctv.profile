[profile]
kind=cameras
match=촬영방면정보;카메라대수;WGS84위도;WGS84경도
about=Korean national standard data of public CCTV; one row a site, a site may have several cameras

[columns]
code=번호
lon=WGS84경도
lat=WGS84위도
name=관리기관명
place=소재지도로명주소;소재지지번주소
cameras=카메라대수
view=촬영방면정보
megapixels=카메라화소수

[fill]
owner=government
