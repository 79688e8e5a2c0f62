/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a device's name to what is kept: names, duty, emergencies, and what stays when the city
 * changes. */
#include <math.h>
#include <string.h>

#include "geo/decode/jt808-write.h"
#include "geo/work/admit.h"

#define HOUR INT64_C(3600000)
#define NOW (INT64_C(1790000000000))

static GeoAct act(void)
{
    return geo_act_local(NULL, NOW);
}

/* Imports a batch as it is, in place of what was there of its kind. */
static void import(GeoStore *store, int64_t id, const GeoBatch *batch)
{
    GError *error = NULL;
    GeoAct by = act();
    GeoImport one = {.id = id,
                     .kind = geo_kind_info(batch->kind)->plural,
                     .source = "test",
                     .at_ms = NOW,
                     .replaces = geo_kind_info(batch->kind)->plural};
    geo_store_import_begin(store, &by, &one, &error);
    g_assert_no_error(error);
    geo_store_import_put(store, &by, id, batch, &error);
    g_assert_no_error(error);
    geo_store_import_finish(store, &by, id, 0, &error);
    g_assert_no_error(error);
}

static void add_unit(GeoBatch *units, int64_t id, const char *code, const char *radio,
                     const char *area)
{
    GeoUnit *unit = geo_batch_add(units);
    unit->row.id = id;
    unit->row.code = geo_batch_text(units, code);
    unit->radio = geo_batch_text(units, radio);
    unit->area = geo_batch_text(units, area);
    geo_batch_set_point(units, 117.28, 31.86);
}

static void add_shift(GeoBatch *rosters, int64_t id, const char *code, int64_t from, int64_t to)
{
    GeoRoster *roster = geo_batch_add(rosters);
    roster->row.id = id;
    roster->row.code = geo_batch_text(rosters, code);
    roster->from_ms = from;
    roster->to_ms = to;
}

/* P-1 is on duty, P-2 off, 0300 has no roster in its area. */
static GeoStore *new_city(void)
{
    GeoCity city = {.name = "Test", .zone = "Asia/Shanghai", .epsg = 4548};
    GeoStore *store = geo_store_new_memory(&city);
    g_autoptr(GeoBatch) units = geo_batch_new(GEO_KIND_UNIT);
    g_autoptr(GeoBatch) rosters = geo_batch_new(GEO_KIND_ROSTER);
    add_unit(units, 11, "P-1", "400001", "a");
    add_unit(units, 12, "P-2", "400002", "a");
    add_unit(units, 13, "0300", "P-1", "b"); /* its radio is another's code: the code stands */
    add_unit(units, 14, NULL, "77", "b");
    add_unit(units, 15, NULL, "077", "b"); /* two units' number */
    add_shift(rosters, 1, "P-1", NOW - HOUR, NOW + HOUR);
    add_shift(rosters, 2, "P-2", NOW - 5 * HOUR, NOW - HOUR);
    import(store, 100, units);
    import(store, 101, rosters);
    return store;
}

static GeoMuster *muster_of(GeoStore *store)
{
    GError *error = NULL;
    GeoMuster *muster = geo_muster_load(store, NOW, &error);
    g_assert_no_error(error);
    return muster;
}

static void test_names(void)
{
    g_autoptr(GeoStore) store = new_city();
    g_autoptr(GeoMuster) muster = muster_of(store);
    char phone[13];
    geo_jt808_phone_of(14, phone);
    g_assert_cmpuint(geo_muster_n(muster), ==, 5);
    g_assert_cmpint(geo_muster_id(muster, (uint32_t)geo_muster_find(muster, "P-1")), ==, 11);
    g_assert_cmpint(geo_muster_id(muster, (uint32_t)geo_muster_find(muster, "400002")), ==, 12);
    g_assert_cmpint(geo_muster_id(muster, (uint32_t)geo_muster_find(muster, "300")), ==, 13);
    g_assert_cmpint(geo_muster_id(muster, (uint32_t)geo_muster_find(muster, "000300")), ==, 13);
    g_assert_cmpint(geo_muster_id(muster, (uint32_t)geo_muster_find(muster, phone)), ==, 14);
    g_assert_cmpint(geo_muster_find(muster, "77"), ==, -1);
    g_assert_cmpint(geo_muster_find(muster, "p-1"), ==, -1);
    g_assert_cmpint(geo_muster_find(muster, ""), ==, -1);
    g_assert_cmpint(geo_muster_find(muster, "000"), ==, -1);
    g_assert_cmpint(geo_muster_number(muster, 99), ==, -1);
}

static GeoHeard heard_of(const char *key, int64_t at_ms, double lon, double lat)
{
    GeoHeard heard;
    geo_heard_init(&heard);
    g_assert_true(geo_heard_set_key(&heard, key, strlen(key)));
    g_assert_true(geo_heard_set_place(&heard, lon, lat));
    geo_heard_set_time(&heard, at_ms);
    heard.heard_ms = NOW;
    heard.flags |= GEO_HEARD_VALID;
    return heard;
}

typedef struct {
    GArray *kept, *sos;
} Bag;

static GeoIntakeVerdict take(GeoAdmit *admit, Bag *bag, GeoHeard heard)
{
    return geo_admit_take(admit, &heard, bag->kept, bag->sos);
}

static Bag new_bag(void)
{
    return (Bag){g_array_new(FALSE, FALSE, sizeof(GeoFix)),
                 g_array_new(FALSE, FALSE, sizeof(GeoAdmitSos))};
}

static void drop_bag(Bag bag)
{
    g_array_unref(bag.kept);
    g_array_unref(bag.sos);
}

static void test_duty(void)
{
    g_autoptr(GeoStore) store = new_city();
    g_autoptr(GeoMuster) muster = muster_of(store);
    g_autoptr(GeoAdmit) admit = geo_admit_new(muster, 1);
    Bag bag = new_bag();
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW, 117.28, 31.86)), ==, GEO_INTAKE_LIVE);
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW, 117.28, 31.86)), ==, GEO_INTAKE_REPLAY);
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW - HOUR / 2, 117.28, 31.86)), ==,
                    GEO_INTAKE_LATE);
    g_assert_cmpint(take(admit, &bag, heard_of("P-2", NOW, 117.28, 31.86)), ==,
                    GEO_INTAKE_OFF_DUTY);
    g_assert_cmpint(take(admit, &bag, heard_of("300", NOW, 117.28, 31.86)), ==,
                    GEO_INTAKE_NO_ROSTER);
    g_assert_cmpint(take(admit, &bag, heard_of("nobody", NOW, 117.28, 31.86)), ==,
                    GEO_INTAKE_UNKNOWN);
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW - 1000, 2, 48)), ==, GEO_INTAKE_OUTSIDE);
    g_assert_cmpuint(bag.kept->len, ==, 2);
    g_assert_cmpint(g_array_index(bag.kept, GeoFix, 1).unit_id, ==, 11);
    g_assert_cmpint(geo_admit_marker(admit, 0).at_ms, ==, NOW);
    g_autoptr(GArray) areas = geo_admit_no_roster(admit);
    g_assert_cmpuint(areas->len, ==, 1);
    g_assert_cmpstr(g_array_index(areas, GeoAdmitNoRoster, 0).area, ==, "b");
    g_assert_cmpuint(g_array_index(areas, GeoAdmitNoRoster, 0).refused, ==, 1);
    drop_bag(bag);
}

static void test_sos(void)
{
    g_autoptr(GeoStore) store = new_city();
    g_autoptr(GeoMuster) muster = muster_of(store);
    g_autoptr(GeoAdmit) admit = geo_admit_new(muster, 1);
    Bag bag = new_bag();
    GeoHeard sos = heard_of("P-2", NOW, 117.28, 31.86); /* off duty */
    sos.flags |= GEO_HEARD_SOS;
    g_assert_cmpint(take(admit, &bag, sos), ==, GEO_INTAKE_SOS);
    g_assert_cmpint(take(admit, &bag, sos), ==, GEO_INTAKE_SOS); /* the button is still down */
    g_assert_cmpuint(bag.sos->len, ==, 1);
    g_assert_cmpint(g_array_index(bag.sos, GeoAdmitSos, 0).unit_id, ==, 12);
    g_assert_cmpuint(bag.kept->len, ==, 2);
    for (int i = 0; i < 5000; i++) { /* of strangers each is told once, and they fill nothing */
        g_autofree char *key = g_strdup_printf("stranger %d", i);
        GeoHeard stranger = heard_of(key, NOW, 117.28, 31.86);
        stranger.flags |= GEO_HEARD_SOS;
        take(admit, &bag, stranger);
        take(admit, &bag, stranger);
    }
    g_assert_cmpuint(bag.sos->len, ==, 5001);
    g_assert_cmpint(g_array_index(bag.sos, GeoAdmitSos, 5000).unit_id, ==, 0);
    g_assert_cmpuint(bag.kept->len, ==, 2);
    drop_bag(bag);
}

/* Rosters change, then units do: markers and counts stay, and the fix before is still a replay of
 * nothing. */
static void test_renew(void)
{
    g_autoptr(GeoStore) store = new_city();
    g_autoptr(GeoMuster) muster = muster_of(store);
    g_autoptr(GeoAdmit) admit = geo_admit_new(muster, 1);
    Bag bag = new_bag();
    bool stale = true;
    GError *error = NULL;
    take(admit, &bag, heard_of("P-1", NOW, 117.28, 31.86));
    take(admit, &bag, heard_of("P-2", NOW, 117.28, 31.86));
    take(admit, &bag, heard_of("300", NOW, 117.28, 31.86));
    g_assert_true(geo_muster_is_stale(muster, store, NOW, &stale, &error) && !stale);
    g_autoptr(GeoBatch) rosters = geo_batch_new(GEO_KIND_ROSTER);
    add_shift(rosters, 3, "P-1", NOW - HOUR, NOW + HOUR);
    add_shift(rosters, 4, "P-2", NOW - HOUR, NOW + HOUR);
    add_shift(rosters, 5, "0300", NOW - HOUR, NOW + HOUR);
    import(store, 102, rosters);
    g_assert_true(geo_muster_is_stale(muster, store, NOW, &stale, &error) && stale);
    g_autoptr(GeoMuster) second = muster_of(store);
    geo_admit_renew(admit, second);
    g_assert_cmpint(take(admit, &bag, heard_of("P-2", NOW + 1000, 117.28, 31.86)), ==,
                    GEO_INTAKE_LIVE);
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW, 117.28, 31.86)), ==, GEO_INTAKE_REPLAY);

    GeoAct by = act();
    bool left = true;
    geo_store_import_undo(store, &by, 100, &error);
    while (left && geo_store_sweep(store, NOW, 1000, &left, &error))
        ;
    g_assert_no_error(error);
    g_autoptr(GeoBatch) units = geo_batch_new(GEO_KIND_UNIT);
    add_unit(units, 12, "P-2", NULL, "a");
    add_unit(units, 11, "P-1", NULL, "a");
    import(store, 103, units);
    g_autoptr(GeoMuster) third = muster_of(store);
    geo_admit_renew(admit, third);
    int64_t p1 = geo_muster_find(third, "P-1");
    g_assert_cmpint(geo_admit_marker(admit, (uint32_t)p1).at_ms, ==, NOW);
    g_assert_cmpint(take(admit, &bag, heard_of("P-1", NOW, 117.28, 31.86)), ==, GEO_INTAKE_REPLAY);
    GeoIntakeHealth health = geo_admit_health(admit, 0, NOW);
    g_assert_cmpuint(health.n[GEO_INTAKE_LIVE], ==, 2);
    g_assert_cmpuint(health.n[GEO_INTAKE_REPLAY], ==, 2);
    g_assert_cmpuint(health.n[GEO_INTAKE_OFF_DUTY], ==, 1);
    g_autoptr(GArray) areas = geo_admit_no_roster(admit);
    g_assert_cmpuint(areas->len, ==, 1); /* the unit is gone, what it told is not */
    drop_bag(bag);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/admit/devices-are-found-by-their-names", test_names);
    g_test_add_func("/admit/duty-decides-what-is-kept", test_duty);
    g_test_add_func("/admit/an-emergency-is-told-once", test_sos);
    g_test_add_func("/admit/changes-of-the-city-lose-nothing", test_renew);
    return g_test_run();
}
