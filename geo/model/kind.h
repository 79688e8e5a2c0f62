/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The kinds of thing a city holds, one plain struct each, and the table that describes their
 * fields. Store, import profiles, export and tests are driven by that table: a new field is one
 * line here, one in kind.c and one migration. Coordinates of rows lie in their batch
 * (geo/model/batch.h). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    GEO_KIND_AREA,     /* polygons that are administered or patrolled: district ... community, beat,
                          grid */
    GEO_KIND_BUILDING, /* footprints */
    GEO_KIND_ROAD,     /* ways as lines; the routing graph is derived from them (geo/calc/road.h) */
    GEO_KIND_BASE,     /* what the base map shows beside: water, green, squares, rail, land use */
    GEO_KIND_CAMERA,   /* points */
    GEO_KIND_INCIDENT, /* points, may be missing */
    GEO_KIND_UNIT,     /* patrollers, cars, teams; the point is the post */
    GEO_KIND_ROSTER,   /* shifts, no shape */
    GEO_KIND_FACILITY, /* schools, stations, hospitals ...; must_see marks the must-see places */
    GEO_KIND_ADDRESS,  /* door plates, compounds, shops, landmarks, stops, poles, aliases */
    GEO_KIND_POPULATION, /* points with a number of people, nothing about any of them */
    GEO_KIND_DENSITY,    /* what must be told about a person, as pixels on a metre; no shape */
    GEO_KIND_LENS,       /* types of camera that can be bought; no shape */
    GEO_KIND_SITE,       /* places where a camera could stand: points */
    GEO_KIND_NOLOOK,     /* rooms that no camera may look into: polygons */
    GEO_KIND_SCENARIO,   /* plans for the camera register: heads; no shape */
    GEO_KIND_STEP,       /* of a scenario; no shape */
    GEO_KIND_PLANNED,    /* cameras as a step wants them: points */
    GEO_KIND_TURN,       /* from which way one may not go into which: points */
    GEO_KIND_BARRIER,    /* what stands on a way and does not let everybody pass: points */
    GEO_KIND_CLOSURE,    /* drawn by hand, for a time: lines, or points with a radius */
    GEO_N_KINDS
} GeoKind;

typedef enum { GEO_SHAPE_NONE, GEO_SHAPE_POINT, GEO_SHAPE_LINE, GEO_SHAPE_POLYGON } GeoShape;

typedef enum {
    GEO_ROAD_MOTORWAY,
    GEO_ROAD_TRUNK,
    GEO_ROAD_PRIMARY,
    GEO_ROAD_SECONDARY,
    GEO_ROAD_TERTIARY,
    GEO_ROAD_RESIDENTIAL, /* unclassified and living streets too */
    GEO_ROAD_SERVICE,
    GEO_ROAD_TRACK,
    GEO_ROAD_PEDESTRIAN,
    GEO_ROAD_CYCLEWAY,
    GEO_ROAD_PATH, /* footways, paths */
    GEO_ROAD_STEPS,
    GEO_N_ROAD_CLASSES
} GeoRoadClass;

typedef enum {
    GEO_BASE_WATER,
    GEO_BASE_RIVER, /* a line, width_m wide */
    GEO_BASE_GREEN,
    GEO_BASE_SQUARE,
    GEO_BASE_FARMLAND,
    GEO_BASE_RAIL, /* a line */
    GEO_BASE_INDUSTRIAL,
    GEO_BASE_RESIDENTIAL,
    GEO_BASE_PRIVATE,
    GEO_N_BASE_CLASSES
} GeoBaseClass;

/* The four builder classes of DOMAIN: public area, unit interior, shop front, compound. */
typedef enum {
    GEO_OWNER_GOVERNMENT,
    GEO_OWNER_UNIT,
    GEO_OWNER_SHOP,
    GEO_OWNER_COMPOUND,
    GEO_OWNER_UNKNOWN,
    GEO_N_OWNERS
} GeoOwner;

typedef enum {
    GEO_LENS_FIXED,
    GEO_LENS_PTZ,
    GEO_LENS_DOME,
    GEO_LENS_PANORAMA,
    GEO_N_LENSES
} GeoLens;
typedef enum {
    GEO_MOUNT_UNKNOWN,
    GEO_MOUNT_POLE,
    GEO_MOUNT_WALL,
    GEO_MOUNT_OTHER,
    GEO_N_MOUNTS
} GeoMount;
typedef enum {
    GEO_CAMERA_WORKING,
    GEO_CAMERA_FAULTY,
    GEO_CAMERA_PLANNED,
    GEO_N_CAMERA_STATES
} GeoCameraState;

/* Bits of GeoCamera.assumed: what the source did not say and the import assumed. */
typedef enum {
    GEO_ASSUMED_HEADING = 1 << 0,
    GEO_ASSUMED_FOV = 1 << 1,
    GEO_ASSUMED_RANGE = 1 << 2,
    GEO_ASSUMED_HEIGHT = 1 << 3,
    GEO_ASSUMED_PIXELS = 1 << 4,
    GEO_ASSUMED_OWNER = 1 << 5,
    GEO_ASSUMED_TILT = 1 << 6,
} GeoAssumed;

typedef enum {
    GEO_UNIT_FOOT,
    GEO_UNIT_EBIKE,
    GEO_UNIT_CAR,
    GEO_UNIT_TEAM,
    GEO_N_UNIT_KINDS
} GeoUnitKind;

typedef enum {
    GEO_STATUS_OFF,
    GEO_STATUS_AVAILABLE,
    GEO_STATUS_FIXED_POST,
    GEO_STATUS_RESERVED,
    GEO_STATUS_DISPATCHED,
    GEO_STATUS_ACCEPTED,
    GEO_STATUS_EN_ROUTE,
    GEO_STATUS_ON_SCENE,
    GEO_STATUS_HANDLING,
    GEO_STATUS_ESCORT,
    GEO_STATUS_CLEARED,
    GEO_STATUS_BREAK,
    GEO_STATUS_BUSY,
    GEO_STATUS_OUT,
    GEO_STATUS_SOS,
    GEO_N_STATUSES
} GeoUnitStatus;

typedef enum {
    GEO_FACILITY_OTHER,
    GEO_FACILITY_SCHOOL,
    GEO_FACILITY_STATION,
    GEO_FACILITY_HOSPITAL,
    GEO_FACILITY_POLICE,
    GEO_FACILITY_GOVERNMENT,
    GEO_FACILITY_MARKET,
    GEO_FACILITY_PARK,
    GEO_FACILITY_SQUARE,
    GEO_N_FACILITIES
} GeoFacilityClass;

typedef enum {
    GEO_ADDRESS_DOOR,
    GEO_ADDRESS_COMPOUND,
    GEO_ADDRESS_BUILDING,
    GEO_ADDRESS_SHOP,
    GEO_ADDRESS_LANDMARK,
    GEO_ADDRESS_STOP,
    GEO_ADDRESS_POLE,
    GEO_ADDRESS_ALIAS,
    GEO_ADDRESS_PLACE, /* a named place or crossing */
    GEO_N_ADDRESS_CLASSES
} GeoAddressClass;

/* Head of every row. Texts belong to the batch. Absent text is NULL, absent number is NAN (real) or
 * 0. */
typedef struct {
    int64_t id;        /* made by the client, unique in the city */
    int64_t import_id; /* the import that brought it; 0 for rows made one by one */
    int64_t version;   /* counts the edits of this row, from 1 */
    const char *code; /* the field's own code, text always: 20 digits stay 20 digits; may be NULL */
    const char *name; /* may be NULL */
    uint32_t part0;   /* first part in the batch */
    uint32_t n_parts; /* lines, or rings: outer ring anticlockwise, its holes clockwise right behind
                         it */
    GeoShape shape;
} GeoRow;

typedef struct {
    GeoRow row;
    const char *level;  /* "district", "street", "community", "beat", "grid" ... */
    const char *parent; /* code of the area it lies in */
    int64_t population;
} GeoArea;

typedef struct {
    GeoRow row;
    double height_m; /* NAN when unknown */
    int64_t floors;
    const char *use;
} GeoBuilding;

typedef struct {
    GeoRow row;
    int class;        /* GeoRoadClass */
    int64_t oneway;   /* 1 along the line, -1 against it, 0 both, for wheels; feet go both ways */
    double speed_kmh; /* posted; NAN: by class */
    int64_t layer;    /* above (bridge) or below (tunnel) ground 0 */
    int64_t foot, ebike, car; /* may use it: 0 no, 1 yes, 2 by class */
} GeoRoad;

typedef struct {
    GeoRow row;
    int class;      /* GeoBaseClass */
    double width_m; /* of lines */
} GeoBase;

typedef struct {
    GeoRow row;
    int owner;              /* GeoOwner */
    int lens;               /* GeoLens */
    int mount;              /* GeoMount */
    int state;              /* GeoCameraState */
    double heading_deg;     /* clockwise from north, middle of the field */
    double heading_err_deg; /* half width of what the heading may be off; 180: wholly unknown */
    double fov_deg;         /* horizontal; 360: all round */
    double range_m, night_range_m;
    double height_m, tilt_deg; /* tilt below the horizon */
    int64_t width_px;
    int64_t cameras; /* heads on this site, at least 1 */
    int64_t assumed; /* GeoAssumed bits */
    const char *place;
    double focal_mm, sensor_mm; /* of the lens, and width of the sensor; NAN: not known */
    double vfov_deg;            /* vertical field; NAN: not known */
} GeoCamera;

typedef struct {
    GeoRow row;
    int64_t at_ms;        /* when it happened or was received, UTC */
    const char *category; /* as the source calls it */
    int64_t priority;     /* 1 highest .. 4 */
    int state;            /* GeoIncidentState, geo/model/cycle.h */
    const char *place;    /* where in words: block, address */
    const char *area;     /* code of the smallest area it lies in, where the source says so */
} GeoIncident;

typedef struct {
    GeoRow row;
    int unit_kind; /* GeoUnitKind */
    int status;    /* GeoUnitStatus */
    const char *agency;
    const char *area; /* code of its area */
    const char *radio;
    const char *force;  /* a word of geo_force_words; NULL: its agency's words say it */
    const char *skills; /* "first_aid;dog": words that plans ask for; NULL: none known */
} GeoUnit;

typedef struct {
    GeoRow row; /* code is the unit's code */
    int64_t from_ms, to_ms;
    const char *area;
    const char *post;
} GeoRoster;

typedef struct {
    GeoRow row;
    int class; /* GeoFacilityClass */
    int64_t must_see;
    const char *address;
} GeoFacility;

typedef struct {
    GeoRow row;
    int class; /* GeoAddressClass */
    const char *road;
    const char *number;
    const char *compound;
    const char *building;
    const char *alias_of; /* code of the address that an alias stands for */
    const char *area;
} GeoAddress;

typedef struct {
    GeoRow row;
    double people;
} GeoPopulation;

typedef struct {
    GeoRow row;      /* code is the word of the command line: "detect" */
    double px_per_m; /* pixels on a metre across */
    const char *norm;
} GeoDensity;

typedef struct {
    GeoRow row;
    int lens; /* GeoLens */
    double fov_deg, vfov_deg, focal_mm, sensor_mm;
    int64_t width_px;
    double range_m, night_range_m;
    double price, upkeep; /* yuan, and yuan a year */
} GeoLensType;

typedef struct {
    GeoRow row;
    int mount;          /* GeoMount */
    int owner;          /* GeoOwner: who would build there */
    double heading_deg; /* NAN: any */
    double height_m;    /* NAN: not known */
    double cost;        /* yuan, of the place: pole, power, line; NAN: not known */
    int64_t mandatory;  /* 1: a camera must stand here */
} GeoSite;

/* After Regulation 799 (in force 2025-04-01); secret ones ask for consent. */
typedef enum {
    GEO_NOLOOK_DORMITORY,
    GEO_NOLOOK_GUEST_ROOM,
    GEO_NOLOOK_BATH,
    GEO_NOLOOK_TOILET,
    GEO_NOLOOK_CHANGING,
    GEO_NOLOOK_NURSING,
    GEO_NOLOOK_SECRET,
    GEO_N_NOLOOKS
} GeoNolookClass;

typedef struct {
    GeoRow row;
    int class; /* GeoNolookClass */
} GeoNolook;

typedef enum {
    GEO_SCENARIO_OPEN,
    GEO_SCENARIO_MERGED, /* all of it is in the register */
    GEO_SCENARIO_DROPPED,
    GEO_N_SCENARIO_STATES
} GeoScenarioState;

typedef struct {
    GeoRow row; /* name is for people */
    const char *note;
    double budget;        /* yuan; NAN: none given */
    int state;            /* GeoScenarioState */
    int64_t merged_phase; /* phases up to this one are in the register; 0: none */
    int64_t at_ms;
    const char *actor;
} GeoScenario;

typedef enum {
    GEO_STEP_DONE,
    GEO_STEP_UNDONE,
    GEO_STEP_DROPPED, /* undone, and then another was done: never again */
    GEO_N_STEP_STATES
} GeoStepState;

typedef struct {
    GeoRow row; /* name says what was done; ids rise with time */
    int64_t scenario;
    int state; /* GeoStepState */
    int64_t at_ms;
    const char *actor;
} GeoStep;

typedef enum {
    GEO_PLANNED_KEEP, /* as the register has it: takes earlier steps back */
    GEO_PLANNED_ADD,
    GEO_PLANNED_EDIT,
    GEO_PLANNED_REMOVE,
    GEO_N_PLANNED
} GeoPlannedWhat;

/* camera.row.id is of this line; camera_id is the camera's own. */
typedef struct {
    GeoCamera camera; /* as it is to be; of a KEEP or REMOVE as it was */
    int64_t step;
    int64_t camera_id;
    int what;             /* GeoPlannedWhat */
    int64_t base_version; /* of the register's row when this was planned; 0: none */
    int64_t phase;        /* of building, from 1 */
    double cost;          /* yuan; NAN: not known */
} GeoPlanned;

typedef enum { GEO_TURN_SORT_NO, GEO_TURN_SORT_ONLY, GEO_N_TURN_SORTS } GeoTurnSort;

typedef struct {
    GeoRow row; /* the point is where the ways meet: a vertex of from_way, to the bit */
    int what;   /* GeoTurnSort: not into to_way, or nowhere else */
    const char *from_way, *to_way; /* codes of roads; the same: turning back */
    const char *via_way;           /* code of the one road between them; NULL: none */
    int64_t foot, ebike, car;      /* 1: it binds them */
    const char *hours;             /* when (geo/model/hours.h); NULL: always */
} GeoTurn;

typedef struct {
    GeoRow row;               /* the point is a vertex of a road, to the bit */
    const char *class;        /* "bollard", "gate" ...: the word of the source */
    int64_t foot, ebike, car; /* 0 never pass, 1 do, 2 while it is open */
    const char *hours;        /* "06:00-23:00" (geo/model/hours.h); NULL: always open */
} GeoObstacle;

typedef struct {
    GeoRow row;
    int64_t from_ms, to_ms;   /* to_ms 0: until it is lifted */
    double radius_m;          /* of a point; NAN: a line */
    int64_t foot, ebike, car; /* 1: closed to them */
    const char *reason;
    int64_t at_ms; /* when it was drawn, and by whom */
    const char *actor;
    int64_t lifted_ms; /* 0: it is not */
    const char *lifted_by;
} GeoClosure;

typedef enum {
    GEO_FIELD_INT,  /* int64_t */
    GEO_FIELD_REAL, /* double, NAN is NULL */
    GEO_FIELD_TEXT, /* const char *, may be NULL */
    GEO_FIELD_TIME, /* int64_t, Unix ms UTC */
    GEO_FIELD_ENUM, /* int, stored and exported as its word */
} GeoFieldType;

typedef struct {
    const char *name; /* column in the store, target in profiles, attribute in exports */
    GeoFieldType type;
    size_t offset;
    const char *const *words; /* of an enum, NULL-terminated */
    int since;                /* schema that has it; 0: the first */
} GeoField;

typedef struct {
    const char *name;   /* "camera": table in the store */
    const char *plural; /* "cameras": the word of the command line and of layers */
    GeoShape shape;     /* what its rows have; lines and polygons mix in "base" */
    size_t size;        /* of a row struct */
    const GeoField
        *fields; /* without the head's id, import_id, version; code and name come first */
    size_t n_fields;
    int since;   /* schema that has it; 0: the first */
    bool inward; /* made by the program alone: no file brings it */
} GeoKindInfo;

const GeoKindInfo *geo_kind_info(GeoKind kind);

/* By name or plural; -1 when there is no such kind. */
int geo_kind_find(const char *name);

/* The number of a word in a NULL-terminated list; -1 when it is not there. */
int geo_kind_word(const char *const *words, const char *word);

extern const char *const geo_road_class_words[];
extern const char *const geo_base_class_words[];
extern const char *const geo_owner_words[];
extern const char *const geo_lens_words[];
extern const char *const geo_mount_words[];
extern const char *const geo_camera_state_words[];
extern const char *const geo_unit_kind_words[];
extern const char *const geo_unit_status_words[];
extern const char *const geo_facility_words[];
extern const char *const geo_address_class_words[];
extern const char *const geo_nolook_words[];
extern const char *const geo_scenario_state_words[];
extern const char *const geo_step_state_words[];
extern const char *const geo_planned_words[];
extern const char *const geo_turn_words[];
