/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/kind.h"

#include <glib.h>
#include <string.h>

#include "geo/model/cycle.h"

const char *const geo_road_class_words[] = {
    "motorway", "trunk",      "primary",  "secondary", "tertiary", "residential", "service",
    "track",    "pedestrian", "cycleway", "path",      "steps",    NULL};
const char *const geo_base_class_words[] = {"water",    "river", "green",      "square",
                                            "farmland", "rail",  "industrial", "residential",
                                            "private",  NULL};
const char *const geo_owner_words[] = {"government", "unit", "shop", "compound", "unknown", NULL};
const char *const geo_lens_words[] = {"fixed", "ptz", "dome", "panorama", NULL};
const char *const geo_mount_words[] = {"unknown", "pole", "wall", "other", NULL};
const char *const geo_camera_state_words[] = {"working", "faulty", "planned", NULL};
const char *const geo_unit_kind_words[] = {"foot", "ebike", "car", "team", NULL};
const char *const geo_unit_status_words[] = {"off",        "available", "fixed_post", "reserved",
                                             "dispatched", "accepted",  "en_route",   "on_scene",
                                             "handling",   "escort",    "cleared",    "break",
                                             "busy",       "out",       "sos",        NULL};
const char *const geo_facility_words[] = {"other",      "school", "station", "hospital", "police",
                                          "government", "market", "park",    "square",   NULL};
const char *const geo_address_class_words[] = {"door", "compound", "building", "shop",  "landmark",
                                               "stop", "pole",     "alias",    "place", NULL};
const char *const geo_nolook_words[] = {"dormitory", "guest_room", "bath",   "toilet",
                                        "changing",  "nursing",    "secret", NULL};
const char *const geo_scenario_state_words[] = {"open", "merged", "dropped", NULL};
const char *const geo_step_state_words[] = {"done", "undone", "dropped", NULL};
const char *const geo_planned_words[] = {"keep", "add", "edit", "remove", NULL};
const char *const geo_turn_words[] = {"no", "only", NULL};

#define TEXT(struct_, member)                                                                      \
    {                                                                                              \
#member, GEO_FIELD_TEXT, offsetof(struct_, member), NULL                                   \
    }
#define INT(struct_, member)                                                                       \
    {                                                                                              \
#member, GEO_FIELD_INT, offsetof(struct_, member), NULL                                    \
    }
#define REAL(struct_, member)                                                                      \
    {                                                                                              \
#member, GEO_FIELD_REAL, offsetof(struct_, member), NULL                                   \
    }
#define TIME(struct_, member)                                                                      \
    {                                                                                              \
#member, GEO_FIELD_TIME, offsetof(struct_, member), NULL                                   \
    }
#define ENUM(struct_, member, words)                                                               \
    {                                                                                              \
#member, GEO_FIELD_ENUM, offsetof(struct_, member), words                                  \
    }
#define HEAD                                                                                       \
    {"code", GEO_FIELD_TEXT, offsetof(GeoRow, code), NULL},                                        \
    {                                                                                              \
        "name", GEO_FIELD_TEXT, offsetof(GeoRow, name), NULL                                       \
    }

static const GeoField area_fields[] = {HEAD, TEXT(GeoArea, level), TEXT(GeoArea, parent),
                                       INT(GeoArea, population)};
static const GeoField building_fields[] = {HEAD, REAL(GeoBuilding, height_m),
                                           INT(GeoBuilding, floors), TEXT(GeoBuilding, use)};
static const GeoField road_fields[] = {HEAD,
                                       ENUM(GeoRoad, class, geo_road_class_words),
                                       INT(GeoRoad, oneway),
                                       REAL(GeoRoad, speed_kmh),
                                       INT(GeoRoad, layer),
                                       INT(GeoRoad, foot),
                                       INT(GeoRoad, ebike),
                                       INT(GeoRoad, car)};
static const GeoField base_fields[] = {HEAD, ENUM(GeoBase, class, geo_base_class_words),
                                       REAL(GeoBase, width_m)};
/* A member that came with a later schema. */
#define REAL_SINCE(struct_, member, schema)                                                        \
    {                                                                                              \
#member, GEO_FIELD_REAL, offsetof(struct_, member), NULL, schema                           \
    }
#define TEXT_SINCE(struct_, member, schema)                                                        \
    {                                                                                              \
#member, GEO_FIELD_TEXT, offsetof(struct_, member), NULL, schema                           \
    }
#define CAMERA_FIELDS                                                                              \
    ENUM(GeoCamera, owner, geo_owner_words), ENUM(GeoCamera, lens, geo_lens_words),                \
        ENUM(GeoCamera, mount, geo_mount_words), ENUM(GeoCamera, state, geo_camera_state_words),   \
        REAL(GeoCamera, heading_deg), REAL(GeoCamera, heading_err_deg), REAL(GeoCamera, fov_deg),  \
        REAL(GeoCamera, range_m), REAL(GeoCamera, night_range_m), REAL(GeoCamera, height_m),       \
        REAL(GeoCamera, tilt_deg), INT(GeoCamera, width_px), INT(GeoCamera, cameras),              \
        INT(GeoCamera, assumed), TEXT(GeoCamera, place), REAL_SINCE(GeoCamera, focal_mm, 2),       \
        REAL_SINCE(GeoCamera, sensor_mm, 2), REAL_SINCE(GeoCamera, vfov_deg, 2)
static const GeoField camera_fields[] = {HEAD, CAMERA_FIELDS};
static const GeoField incident_fields[] = {HEAD,
                                           TIME(GeoIncident, at_ms),
                                           TEXT(GeoIncident, category),
                                           INT(GeoIncident, priority),
                                           ENUM(GeoIncident, state, geo_incident_state_words),
                                           TEXT(GeoIncident, place),
                                           TEXT(GeoIncident, area)};
static const GeoField unit_fields[] = {HEAD,
                                       ENUM(GeoUnit, unit_kind, geo_unit_kind_words),
                                       ENUM(GeoUnit, status, geo_unit_status_words),
                                       TEXT(GeoUnit, agency),
                                       TEXT(GeoUnit, area),
                                       TEXT(GeoUnit, radio),
                                       TEXT_SINCE(GeoUnit, force, 4),
                                       TEXT_SINCE(GeoUnit, skills, 4)};
static const GeoField roster_fields[] = {HEAD, TIME(GeoRoster, from_ms), TIME(GeoRoster, to_ms),
                                         TEXT(GeoRoster, area), TEXT(GeoRoster, post)};
static const GeoField facility_fields[] = {HEAD, ENUM(GeoFacility, class, geo_facility_words),
                                           INT(GeoFacility, must_see), TEXT(GeoFacility, address)};
static const GeoField address_fields[] = {HEAD,
                                          ENUM(GeoAddress, class, geo_address_class_words),
                                          TEXT(GeoAddress, road),
                                          TEXT(GeoAddress, number),
                                          TEXT(GeoAddress, compound),
                                          TEXT(GeoAddress, building),
                                          TEXT(GeoAddress, alias_of),
                                          TEXT(GeoAddress, area)};
static const GeoField population_fields[] = {HEAD, REAL(GeoPopulation, people)};
static const GeoField density_fields[] = {HEAD, REAL(GeoDensity, px_per_m), TEXT(GeoDensity, norm)};
static const GeoField lens_fields[] = {HEAD,
                                       ENUM(GeoLensType, lens, geo_lens_words),
                                       REAL(GeoLensType, fov_deg),
                                       REAL(GeoLensType, vfov_deg),
                                       REAL(GeoLensType, focal_mm),
                                       REAL(GeoLensType, sensor_mm),
                                       INT(GeoLensType, width_px),
                                       REAL(GeoLensType, range_m),
                                       REAL(GeoLensType, night_range_m),
                                       REAL(GeoLensType, price),
                                       REAL(GeoLensType, upkeep)};
static const GeoField site_fields[] = {HEAD,
                                       ENUM(GeoSite, mount, geo_mount_words),
                                       ENUM(GeoSite, owner, geo_owner_words),
                                       REAL(GeoSite, heading_deg),
                                       REAL(GeoSite, height_m),
                                       REAL(GeoSite, cost),
                                       INT(GeoSite, mandatory)};
static const GeoField nolook_fields[] = {HEAD, ENUM(GeoNolook, class, geo_nolook_words)};
static const GeoField scenario_fields[] = {HEAD,
                                           TEXT(GeoScenario, note),
                                           REAL(GeoScenario, budget),
                                           ENUM(GeoScenario, state, geo_scenario_state_words),
                                           INT(GeoScenario, merged_phase),
                                           TIME(GeoScenario, at_ms),
                                           TEXT(GeoScenario, actor)};
static const GeoField step_fields[] = {HEAD, INT(GeoStep, scenario),
                                       ENUM(GeoStep, state, geo_step_state_words),
                                       TIME(GeoStep, at_ms), TEXT(GeoStep, actor)};
/* A planned camera begins with the camera, so its members lie where a camera's do. */
static const GeoField planned_fields[] = {HEAD,
                                          CAMERA_FIELDS,
                                          INT(GeoPlanned, step),
                                          INT(GeoPlanned, camera_id),
                                          ENUM(GeoPlanned, what, geo_planned_words),
                                          INT(GeoPlanned, base_version),
                                          INT(GeoPlanned, phase),
                                          REAL(GeoPlanned, cost)};

static const GeoField turn_fields[] = {HEAD,
                                       ENUM(GeoTurn, what, geo_turn_words),
                                       TEXT(GeoTurn, from_way),
                                       TEXT(GeoTurn, to_way),
                                       TEXT(GeoTurn, via_way),
                                       INT(GeoTurn, foot),
                                       INT(GeoTurn, ebike),
                                       INT(GeoTurn, car),
                                       TEXT_SINCE(GeoTurn, hours, 7)};
static const GeoField barrier_fields[] = {HEAD,
                                          TEXT(GeoObstacle, class),
                                          INT(GeoObstacle, foot),
                                          INT(GeoObstacle, ebike),
                                          INT(GeoObstacle, car),
                                          TEXT(GeoObstacle, hours)};
static const GeoField closure_fields[] = {HEAD,
                                          TIME(GeoClosure, from_ms),
                                          TIME(GeoClosure, to_ms),
                                          REAL(GeoClosure, radius_m),
                                          INT(GeoClosure, foot),
                                          INT(GeoClosure, ebike),
                                          INT(GeoClosure, car),
                                          TEXT(GeoClosure, reason),
                                          TIME(GeoClosure, at_ms),
                                          TEXT(GeoClosure, actor),
                                          TIME(GeoClosure, lifted_ms),
                                          TEXT(GeoClosure, lifted_by)};

#define KIND(name, plural, shape, type, fields)                                                    \
    {                                                                                              \
        name, plural, shape, sizeof(type), fields, G_N_ELEMENTS(fields)                            \
    }
#define SINCE(since, name, plural, shape, type, fields, inward)                                    \
    {                                                                                              \
        name, plural, shape, sizeof(type), fields, G_N_ELEMENTS(fields), since, inward             \
    }

#define LATER(name, plural, shape, type, fields, inward)                                           \
    SINCE(2, name, plural, shape, type, fields, inward)

static const GeoKindInfo kinds[GEO_N_KINDS] = {
    [GEO_KIND_AREA] = KIND("area", "areas", GEO_SHAPE_POLYGON, GeoArea, area_fields),
    [GEO_KIND_BUILDING] =
        KIND("building", "buildings", GEO_SHAPE_POLYGON, GeoBuilding, building_fields),
    [GEO_KIND_ROAD] = KIND("road", "roads", GEO_SHAPE_LINE, GeoRoad, road_fields),
    [GEO_KIND_BASE] = KIND("base", "base", GEO_SHAPE_POLYGON, GeoBase, base_fields),
    [GEO_KIND_CAMERA] = KIND("camera", "cameras", GEO_SHAPE_POINT, GeoCamera, camera_fields),
    [GEO_KIND_INCIDENT] =
        KIND("incident", "incidents", GEO_SHAPE_POINT, GeoIncident, incident_fields),
    [GEO_KIND_UNIT] = KIND("unit", "units", GEO_SHAPE_POINT, GeoUnit, unit_fields),
    [GEO_KIND_ROSTER] = KIND("roster", "rosters", GEO_SHAPE_NONE, GeoRoster, roster_fields),
    [GEO_KIND_FACILITY] =
        KIND("facility", "facilities", GEO_SHAPE_POINT, GeoFacility, facility_fields),
    [GEO_KIND_ADDRESS] = KIND("address", "addresses", GEO_SHAPE_POINT, GeoAddress, address_fields),
    [GEO_KIND_POPULATION] =
        KIND("population", "population", GEO_SHAPE_POINT, GeoPopulation, population_fields),
    [GEO_KIND_DENSITY] =
        LATER("density", "densities", GEO_SHAPE_NONE, GeoDensity, density_fields, false),
    [GEO_KIND_LENS] = LATER("lens", "lenses", GEO_SHAPE_NONE, GeoLensType, lens_fields, false),
    [GEO_KIND_SITE] = LATER("site", "sites", GEO_SHAPE_POINT, GeoSite, site_fields, false),
    [GEO_KIND_NOLOOK] =
        LATER("nolook", "nolooks", GEO_SHAPE_POLYGON, GeoNolook, nolook_fields, false),
    [GEO_KIND_SCENARIO] =
        LATER("scenario", "scenarios", GEO_SHAPE_NONE, GeoScenario, scenario_fields, true),
    [GEO_KIND_STEP] = LATER("step", "steps", GEO_SHAPE_NONE, GeoStep, step_fields, true),
    [GEO_KIND_PLANNED] =
        LATER("planned", "planned", GEO_SHAPE_POINT, GeoPlanned, planned_fields, true),
    [GEO_KIND_TURN] = SINCE(6, "turn", "turns", GEO_SHAPE_POINT, GeoTurn, turn_fields, false),
    [GEO_KIND_BARRIER] =
        SINCE(6, "barrier", "barriers", GEO_SHAPE_POINT, GeoObstacle, barrier_fields, false),
    [GEO_KIND_CLOSURE] =
        SINCE(6, "closure", "closures", GEO_SHAPE_LINE, GeoClosure, closure_fields, true),
};

const GeoKindInfo *geo_kind_info(GeoKind kind)
{
    return &kinds[kind];
}

int geo_kind_find(const char *name)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (!strcmp(kinds[kind].name, name) || !strcmp(kinds[kind].plural, name))
            return kind;
    return -1;
}

int geo_kind_word(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], word))
            return i;
    return -1;
}
