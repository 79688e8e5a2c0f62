/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of OpenStreetMap's files against a writer of both forms, whole, cut and damaged; and
 * what restrictions and barriers become. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/osm.h"
#include "geo/work/import.h"
#include "geo/work/network.h"
#include "tests/geo/fresh-city.h"
#include "tests/geo/osm-twin.h"

static char *folder;

/* ---- the reader ---- */

static bool write_down(const GeoOsmThing *thing, void *user, GError **error)
{
    (void)error;
    osm_twin_describe(user, thing);
    return true;
}

static char *read_back(const GByteArray *file, bool pbf, unsigned sorts, GError **error)
{
    GString *text = g_string_new(NULL);
    geo_osm_read_bytes(file->data, file->len, pbf, sorts, write_down, text, NULL, error);
    return g_string_free(text, FALSE);
}

/* Seeded things, written as XML and as PBF with dense and with plain nodes, packed and not. */
static void test_forms_agree(void)
{
    for (int round = 0; round < 200; round++) {
        g_autoptr(OsmTwin) twin = osm_twin_new_random(round % 40);
        g_autoptr(GError) error = NULL;
        g_autofree char *wanted = osm_twin_text(twin, 7);
        g_autoptr(GByteArray) xml = osm_twin_xml(twin);
        g_autofree char *of_xml = read_back(xml, false, 7, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(of_xml, ==, wanted);
        for (int form = 0; form < 4; form++) {
            g_autoptr(GByteArray) pbf = osm_twin_pbf(twin, form & 1, form & 2);
            g_autofree char *of_pbf = read_back(pbf, true, 7, &error);
            g_assert_no_error(error);
            g_assert_cmpstr(of_pbf, ==, wanted);
        }
    }
}

static void test_sorts_are_chosen(void)
{
    g_autoptr(OsmTwin) twin = osm_twin_new_random(30);
    g_autoptr(GByteArray) xml = osm_twin_xml(twin), pbf = osm_twin_pbf(twin, true, true);
    for (unsigned sorts = 0; sorts < 8; sorts++) {
        g_autofree char *wanted = osm_twin_text(twin, sorts);
        g_autofree char *of_xml = read_back(xml, false, sorts, NULL);
        g_autofree char *of_pbf = read_back(pbf, true, sorts, NULL);
        g_assert_cmpstr(of_xml, ==, wanted);
        g_assert_cmpstr(of_pbf, ==, wanted);
    }
}

/* Cut anywhere: what came before is right, and it is an error; in PBF between two blocks nobody can
 * see that more was to come. */
static void test_cut_files(void)
{
    g_autoptr(OsmTwin) twin = osm_twin_new_random(12);
    g_autofree char *wanted = osm_twin_text(twin, 7);
    for (int form = 0; form < 3; form++) {
        g_autoptr(GByteArray) file =
            form == 2 ? osm_twin_xml(twin) : osm_twin_pbf(twin, form, form);
        guint whole = file->len, fine = 0;
        for (guint n = 1; n < whole; n++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(GByteArray) cut = g_byte_array_new();
            g_byte_array_append(cut, file->data, n);
            g_autofree char *text = read_back(cut, form < 2, 7, &error);
            g_assert_true(g_str_has_prefix(wanted, text));
            g_assert_true(!error || g_error_matches(error, GEO_ERROR, GEO_ERROR_DATA));
            fine += error == NULL;
        }
        /* PBF: after the header and after each block but the last; XML: without its last newline */
        g_assert_cmpuint(fine, <=, form == 2 ? 1 : 4);
    }
}

/* Bytes changed at random: an error or things, and nothing worse (sanitizers look on). */
static void test_damaged_files(void)
{
    int bad = 0;
    for (int round = 0; round < 3000; round++) {
        g_autoptr(OsmTwin) twin = osm_twin_new_random(6);
        int form = round % 3;
        g_autoptr(GByteArray) file =
            form == 2 ? osm_twin_xml(twin) : osm_twin_pbf(twin, form, false);
        for (int k = g_test_rand_int_range(1, 6); k > 0; k--)
            file->data[g_test_rand_int_range(0, (int)file->len)] =
                (guint8)g_test_rand_int_range(0, 256);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = read_back(file, form < 2, 7, &error);
        g_assert_true(!error || error->domain == GEO_ERROR);
        bad += error != NULL;
    }
    g_assert_cmpint(bad, >, 1000);
}

static bool refuse(const GeoOsmThing *thing, void *user, GError **error)
{
    (void)thing;
    ++*(int *)user;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "enough");
    return false;
}

static void test_taker_stops(void)
{
    g_autoptr(OsmTwin) twin = osm_twin_new_random(12);
    for (int pbf = 0; pbf < 2; pbf++) {
        g_autoptr(GByteArray) file = pbf ? osm_twin_pbf(twin, true, true) : osm_twin_xml(twin);
        g_autoptr(GError) error = NULL;
        int n = 0;
        g_assert_false(geo_osm_read_bytes(file->data, file->len, pbf, 7, refuse, &n, NULL, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
        g_assert_cmpint(n, ==, 1);
        g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
        g_autoptr(GError) cancelled = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        geo_progress_cancel(progress);
        g_assert_false(geo_osm_read_bytes(file->data, file->len, pbf, 7, write_down, text, progress,
                                          &cancelled));
        g_assert_error(cancelled, GEO_ERROR, GEO_ERROR_CANCELLED);
    }
}

static void assert_xml(const char *text, const char *wanted, const char *flaw)
{
    GByteArray file = {(guint8 *)text, (guint)strlen(text)};
    g_autoptr(GError) error = NULL;
    g_autofree char *found = read_back(&file, false, 7, &error);
    g_assert_true((error != NULL) == (flaw != NULL));
    if (flaw)
        g_assert_nonnull(strstr(error->message, flaw));
    else
        g_assert_cmpstr(found, ==, wanted);
}

static void test_xml_by_hand(void)
{
    assert_xml("<?xml version='1.0'?><osm><bounds minlat='1'/><node id='-5' lat='1.5' lon='-2'>"
               "<tag k='a&amp;b' v='&#20013;'/></node></osm>",
               "n-5 -2.0000000 1.5000000 a&b=\xe4\xb8\xad\n", NULL);
    assert_xml("<osm><node id='1' visible='false'/><way id='2' action='delete'/></osm>", "", NULL);
    assert_xml("<osm><node id='1' lat='91x' lon='2'/></osm>", NULL, "no degrees in '91x'");
    assert_xml("<osm><node id='' lat='1' lon='2'/></osm>", NULL, "no number in ''");
    assert_xml("<osm><way id='1'><nd/></way></osm>", NULL, "no number");
    assert_xml("<osm><way id='1'><node id='2' lat='1' lon='1'/></way></osm>", NULL, "within");
    assert_xml("<osm><relation id='1'><member type='x' ref='1'/></relation></osm>", NULL,
               "no type of member in 'x'");
    assert_xml("<osmChange><node id='1' lat='1' lon='2'/></osmChange>", NULL, "root is no osm");
    assert_xml("<osm><node id='1' lat='1' lon='2'></osm>", NULL, "XML is damaged");
}

/* ---- what they become ---- */

/* A crossing of four ways at node 5, an end of each at 1 to 4; 6 beyond 2, 7 beyond 6; 8 lies on
 * way 14 that goes on. Things added at the end. */
static const char town[] =
    "<osm>"
    "<node id='1' lat='31.8000000' lon='117.2000000'/><node id='2' lat='31.8010000' "
    "lon='117.2010000'/>"
    "<node id='3' lat='31.8020000' lon='117.2000000'/><node id='4' lat='31.8010000' "
    "lon='117.1990000'/>"
    "<node id='6' lat='31.8010000' lon='117.2020000'/><node id='7' lat='31.8010000' "
    "lon='117.2030000'/>"
    "<node id='8' lat='31.8030000' lon='117.2000000'/><node id='9' lat='31.8040000' "
    "lon='117.2000000'/>"
    "<node id='30' lat='31.8010000' lon='117.2040000'/>"
    "%s"
    "<way id='11'><nd ref='1'/><nd ref='5'/><tag k='highway' v='primary'/></way>"
    "<way id='12'><nd ref='5'/><nd ref='2'/><tag k='highway' v='residential'/></way>"
    "<way id='13'><nd ref='5'/><nd ref='3'/><tag k='highway' v='residential'/></way>"
    "<way id='14'><nd ref='4'/><nd ref='5'/><tag k='highway' v='residential'/></way>"
    "<way id='16'><nd ref='2'/><nd ref='6'/><tag k='highway' v='residential'/></way>"
    "<way id='17'><nd ref='6'/><nd ref='7'/><tag k='highway' v='residential'/></way>"
    "<way id='18'><nd ref='3'/><nd ref='8'/><nd ref='9'/><tag k='highway' v='residential'/></way>"
    "<way id='19'><nd ref='7'/><nd ref='30'/><tag k='waterway' v='ditch'/></way>"
    "%s</osm>";

static char *write_town(const char *name, const char *nodes, const char *relations)
{
    g_autoptr(GString) text = g_string_new(NULL);
    static const char node5[] = "<node id='5' lat='31.8010000' lon='117.2000000'/>";
    bool has5 = strstr(nodes, "<node id='5'") != NULL;
    g_autofree char *all = g_strconcat(has5 ? "" : node5, nodes, NULL);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    g_string_printf(text, town, all, relations);
    G_GNUC_END_IGNORE_DEPRECATIONS
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    return path;
}

static GeoImportRead *read_town(const char *kind, const char *nodes, const char *relations)
{
    g_autofree char *path = write_town("town.osm", nodes, relations);
    g_autoptr(GError) error = NULL;
    GeoImportRead *read = geo_import_read(path, kind, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    const GeoImportReport *report = geo_import_read_report(read);
    g_assert_cmpint(report->read, ==, report->taken + report->passed + report->refused);
    return read;
}

/* from, via and to with the tags; "w12" or "n5" by role. */
static char *relation(const char *from, const char *via, const char *to, const char *tags)
{
    GString *text = g_string_new("<relation id='100'><tag k='type' v='restriction'/>");
    const char *const members[][2] = {{"from", from}, {"via", via}, {"to", to}};
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        g_auto(GStrv) each = g_strsplit(members[i][1], " ", -1);
        for (size_t k = 0; each[k] && *each[k]; k++)
            g_string_append_printf(text, "<member type='%s' ref='%s' role='%s'/>",
                                   *each[k] == 'w' ? "way" : "node", each[k] + 1, members[i][0]);
    }
    g_auto(GStrv) pairs = g_strsplit(tags, "|", -1);
    for (size_t k = 0; pairs[k]; k++) {
        char *value = strchr(pairs[k], '=');
        *value++ = '\0';
        g_string_append_printf(text, "<tag k='%s' v='%s'/>", pairs[k], value);
    }
    g_string_append(text, "</relation>");
    return g_string_free(text, FALSE);
}

static char *describe_turns(const GeoImportRead *read)
{
    const GeoBatch *turns = geo_import_read_rows(read, GEO_KIND_TURN);
    GString *text = g_string_new(NULL);
    for (guint i = 0; turns && i < turns->rows->len; i++) {
        const GeoTurn *turn = &g_array_index(turns->rows, GeoTurn, i);
        GeoLonLat at = {0, 0};
        g_assert_true(geo_batch_first(turns, &turn->row, &at));
        g_string_append_printf(
            text, "%s%s %s>%s%s%s %d%d%d @%.3f,%.3f%s%s", i ? "; " : "", geo_turn_words[turn->what],
            turn->from_way, turn->via_way ? turn->via_way : "", turn->via_way ? ">" : "",
            turn->to_way, (int)turn->foot, (int)turn->ebike, (int)turn->car, at.lon, at.lat,
            turn->hours ? " " : "", turn->hours ? turn->hours : "");
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *from, *via, *to, *tags;
    const char *rules;  /* "" none */
    const char *reason; /* words of the refusal or note; NULL: there is none */
    bool refused;
} Turn;

static bool tells(const GPtrArray *reasons, const char *words)
{
    for (guint i = 0; i < reasons->len; i++)
        if (strstr(((const GeoImportReason *)g_ptr_array_index(reasons, i))->text, words))
            return true;
    return false;
}

static void test_turns(void)
{
#define AT5 " @117.200,31.801"
    static const Turn turns[] = {
        {"w11", "n5", "w14", "restriction=no_left_turn", "no w11>w14 011" AT5},
        {"w11", "n5", "w12", "restriction=no_right_turn", "no w11>w12 011" AT5},
        {"w11", "n5", "w13", "restriction=no_straight_on", "no w11>w13 011" AT5},
        {"w11", "n5", "w11", "restriction=no_u_turn", "no w11>w11 011" AT5},
        {"w11", "n5", "w13", "restriction=only_straight_on", "only w11>w13 011" AT5},
        {"w11", "n5", "w14", "restriction=only_left_turn", "only w11>w14 011" AT5},
        {"w11", "n5", "w12", "restriction=only_right_turn", "only w11>w12 011" AT5},
        {"w11", "n5", "w11", "restriction=only_u_turn", "only w11>w11 011" AT5},
        {"w11 w14", "n5", "w13", "restriction=no_entry",
         "no w11>w13 011" AT5 "; no w14>w13 011" AT5},
        {"w11", "n5", "w13 w12", "restriction=no_exit",
         "no w11>w13 011" AT5 "; no w11>w12 011" AT5},
        /* whom they bind */
        {"w11", "n5", "w14", "restriction=no_left_turn|except=bicycle", "no w11>w14 001" AT5},
        {"w11", "n5", "w14", "restriction=no_left_turn|except=psv;motorcar", "no w11>w14 010" AT5},
        {"w11", "n5", "w14", "restriction=no_left_turn|except=bus;taxi", "no w11>w14 011" AT5},
        {"w11", "n5", "w14", "restriction=no_left_turn|except=vehicle", ""},
        {"w11", "n5", "w14", "restriction:motorcar=no_left_turn", "no w11>w14 001" AT5},
        {"w11", "n5", "w14", "restriction:bicycle=no_left_turn", "no w11>w14 010" AT5},
        {"w11", "n5", "w14", "restriction:foot=no_left_turn", "no w11>w14 100" AT5},
        {"w11", "n5", "w14", "restriction:hgv=no_left_turn", ""},
        {"w11", "n5", "w14", "restriction=no_left_turn|restriction:bicycle=none",
         "no w11>w14 001" AT5},
        {"w11", "n5", "w14", "restriction=no_left_turn|restriction:bicycle=only_left_turn",
         "no w11>w14 001" AT5 "; only w11>w14 010" AT5},
        {"w11", "n5", "w14", "restriction=no_right_turn_on_red", ""},
        /* at some hours */
        {"w11", "n5", "w14", "restriction:conditional=no_left_turn @ (07:00-09:00)",
         "no w11>w14 011" AT5 " 07:00-09:00"},
        {"w11", "n5", "w14",
         "restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00,16:00-18:30; Sa 10:00-12:00)",
         "no w11>w14 011" AT5 " Mo-Fr 07:00-09:00,16:00-18:30; Sa 10:00-12:00"},
        {"w11", "n5", "w14", "restriction:conditional=no_left_turn @ 24/7", "no w11>w14 011" AT5},
        {"w11", "n5", "w14", "restriction:motorcar:conditional=no_left_turn @ (22:00-06:00)",
         "no w11>w14 001" AT5 " 22:00-06:00"},
        {"w11", "n5", "w14", "restriction:conditional=no_left_turn @ (sunrise-sunset)", "",
         "condition that is not read", false},
        {"w11", "n5", "w14", "restriction:conditional=no_left_turn @ (weight>7.5)", "",
         "condition that is not read", false},
        {"w11", "n5", "w14",
         "restriction:conditional=no_left_turn @ (7:00-9:00)|restriction:motorcar=no_left_turn", "",
         "condition that is not read", false},
        /* over a way */
        {"w11", "w12", "w16", "restriction=no_left_turn", "no w11>w12>w16 011" AT5},
        {"w11", "w12 w16", "w17", "restriction=no_u_turn", "", "more than one way", false},
        {"w11", "w12", "w16", "restriction=only_left_turn", "only w11>w12>w16 011" AT5},
        /* malformed */
        {"w11", "n5", "w14", "restriction=no_such_turn", "", "word is not known", true},
        {"w11", "n5", "", "restriction=no_left_turn", "", "without one from", true},
        {"w11", "", "w14", "restriction=no_left_turn", "", "without one from", true},
        {"w11", "n5 n2", "w14", "restriction=no_left_turn", "", "without one from", true},
        {"w11 w14", "n5", "w13", "restriction=only_straight_on", "", "without one from", true},
        {"n1", "n5", "w13", "restriction=no_left_turn", "", "without one from", true},
        {"w11", "n2", "w12", "restriction=no_left_turn", "", "do not meet", true},
        {"w13", "n8", "w18", "restriction=no_left_turn", "", "do not meet", true},
        {"w18", "n8", "w18", "restriction=no_u_turn", "", "goes on beyond", true},
        {"w11", "w16", "w17", "restriction=no_u_turn", "", "do not meet", true},
        /* not in the file, or no road */
        {"w11", "n5", "w99", "restriction=no_left_turn", "", "no road in the file", false},
        {"w17", "n7", "w19", "restriction=no_left_turn", "", "no road in the file", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(turns); i++) {
        const Turn *turn = &turns[i];
        g_autofree char *one = relation(turn->from, turn->via, turn->to, turn->tags);
        g_autoptr(GeoImportRead) read = read_town("turns", "", one);
        const GeoImportReport *report = geo_import_read_report(read);
        g_autofree char *rules = describe_turns(read);
        g_test_message("%s", one);
        g_assert_cmpstr(rules, ==, turn->rules);
        g_assert_cmpint(report->read, ==, 1);
        g_assert_cmpint(report->refused, ==, turn->refused);
        g_assert_cmpint(report->taken, ==, *turn->rules != '\0');
        if (turn->reason)
            g_assert_true(tells(turn->refused ? report->refusals : report->notes, turn->reason));
        else
            g_assert_cmpuint(report->refusals->len + report->notes->len, ==, 0);
    }
}

typedef struct {
    const char *tags;
    const char *passes; /* "0 0 1" and the hours; NULL: it hinders nobody */
    const char *note;
} Post;

static void test_barriers(void)
{
    static const Post posts[] = {
        {"barrier=bollard", "110", NULL},
        {"barrier=bollard|bollard=rising", NULL, NULL},
        {"barrier=bollard|motor_vehicle=yes", NULL, NULL},
        {"barrier=bollard|access=yes", "110", NULL},
        {"barrier=bollard|bicycle=no", "100", NULL},
        {"barrier=bollard|access=no|foot=yes", "100", NULL},
        {"barrier=block", "110", NULL},
        {"barrier=cycle_barrier", "110", NULL},
        {"barrier=kissing_gate", "100", NULL},
        {"barrier=stile", "100", NULL},
        {"barrier=turnstile|bicycle=yes", "110", NULL},
        {"barrier=fence", "000", NULL},
        {"barrier=toll_booth", NULL, NULL},
        {"barrier=entrance", NULL, NULL},
        {"barrier=cattle_grid", NULL, NULL},
        {"barrier=border_control", NULL, NULL},
        {"barrier=gate", NULL, NULL},
        {"barrier=lift_gate", NULL, NULL},
        {"barrier=gate|access=private", NULL, NULL},
        {"barrier=gate|access=no", "000", NULL},
        {"barrier=gate|locked=yes", "000", NULL},
        {"barrier=gate|locked=yes|foot=yes", "100", NULL},
        {"barrier=swing_gate|motor_vehicle=no", "110", NULL},
        {"barrier=chain", "110", NULL},
        {"barrier=chain|access=yes", NULL, NULL},
        {"barrier=kerb", NULL, NULL},
        {"barrier=kerb|kerb=raised", "110", NULL},
        {"barrier=gate|opening_hours=06:00-23:00", "222 06:00-23:00", NULL},
        {"barrier=gate|opening_hours=24/7", NULL, NULL},
        {"barrier=gate|opening_hours=06:00-23:00|motor_vehicle=no", "220 06:00-23:00", NULL},
        {"barrier=gate|opening_hours=sunrise-sunset", NULL, "hours or condition"},
        {"barrier=gate|opening_hours=sunrise-sunset|motorcar=no", "110", "hours or condition"},
        {"barrier=gate|motor_vehicle:conditional=no @ (22:00-06:00)", "112 06:00-22:00", NULL},
        {"barrier=gate|opening_hours=Mo-Fr 06:00-23:00; Sa,Su off",
         "222 Mo-Fr 06:00-23:00; Sa,Su off", NULL},
        {"barrier=gate|access:conditional=yes @ (Mo-Fr 08:00-20:00, Sa 08:00-16:00)",
         "222 Mo-Fr 08:00-20:00, Sa 08:00-16:00", NULL},
        {"barrier=gate|access:conditional=no @ (Mo 23:00-05:30)", NULL, "hours or condition"},
        {"barrier=gate|access:conditional=no @ 23:00-05:30", "222 05:30-23:00", NULL},
        {"barrier=bollard|motor_vehicle:conditional=yes @ (06:00-10:00)", "112 06:00-10:00", NULL},
        {"barrier=dragon", "110", "not known"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(posts); i++) {
        g_autoptr(GString) node = g_string_new("<node id='5' lat='31.8010000' lon='117.2000000'>");
        g_auto(GStrv) pairs = g_strsplit(posts[i].tags, "|", -1);
        for (size_t k = 0; pairs[k]; k++) {
            char *value = strchr(pairs[k], '=');
            *value++ = '\0';
            g_string_append_printf(node, "<tag k='%s' v='%s'/>", pairs[k], value);
        }
        g_string_append(node, "</node>");
        g_autoptr(GeoImportRead) read = read_town("barriers", node->str, "");
        const GeoBatch *batch = geo_import_read_rows(read, GEO_KIND_BARRIER);
        const GeoImportReport *report = geo_import_read_report(read);
        g_test_message("%s", posts[i].tags);
        g_assert_cmpint(report->read, ==, 1);
        g_assert_cmpuint(batch ? batch->rows->len : 0, ==, posts[i].passes != NULL);
        g_assert_true(!posts[i].note || tells(report->notes, posts[i].note));
        if (!posts[i].passes)
            continue;
        const GeoObstacle *row = &g_array_index(batch->rows, GeoObstacle, 0);
        g_autofree char *found =
            g_strdup_printf("%d%d%d%s%s", (int)row->foot, (int)row->ebike, (int)row->car,
                            row->hours ? " " : "", row->hours ? row->hours : "");
        g_assert_cmpstr(found, ==, posts[i].passes);
        g_assert_cmpstr(row->row.code, ==, "n5");
    }
}

/* A gate beside the roads is nobody's; one on a road comes with "roads" as with "barriers". */
static void test_only_on_roads(void)
{
    static const char nodes[] =
        "<node id='20' lat='31.9' lon='117.2'><tag k='barrier' v='bollard'/></node>"
        "<node id='5' lat='31.8010000' lon='117.2000000'><tag k='barrier' v='bollard'/></node>";
    g_autofree char *one = relation("w11", "n5", "w14", "restriction=no_left_turn");
    g_autoptr(GeoImportRead) read = read_town("roads", nodes, one);
    g_assert_cmpint(geo_import_read_report(read)->rows[GEO_KIND_ROAD], ==, 7);
    g_assert_cmpint(geo_import_read_report(read)->rows[GEO_KIND_TURN], ==, 1);
    g_assert_cmpint(geo_import_read_report(read)->rows[GEO_KIND_BARRIER], ==, 1);
    g_assert_true(tells(geo_import_read_report(read)->notes, "no road in the file"));
    g_autoptr(GeoImportRead) buildings = read_town("buildings", nodes, one);
    g_assert_null(geo_import_read_rows(buildings, GEO_KIND_TURN));
}

/* ---- into a city ---- */

static void import(GeoStore *store, const char *kind, const char *path, bool replace)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    GeoImportOptions options = {.replace = replace};
    g_assert_true(geo_import_file(store, &act, kind, path, &options, NULL, NULL, &error));
    g_assert_no_error(error);
}

static void assert_rules(GeoStore *store, int64_t roads, int64_t turns, int64_t barriers)
{
    int64_t counts[GEO_N_KINDS];
    g_assert_true(geo_store_count(store, counts, NULL, NULL));
    g_assert_cmpint(counts[GEO_KIND_ROAD], ==, roads);
    g_assert_cmpint(counts[GEO_KIND_TURN], ==, turns);
    g_assert_cmpint(counts[GEO_KIND_BARRIER], ==, barriers);
}

static const char bollard5[] = "<node id='5' lat='31.8010000' lon='117.2000000'>"
                               "<tag k='barrier' v='bollard'/></node>";

/* Roads bring their rules; again, alone or with the roads, they are replaced, and what somebody
 * drew stays until it is told to go. */
static void again_never_doubles(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autofree char *one = relation("w11", "n5", "w14", "restriction=no_left_turn");
    g_autofree char *path = write_town("again.osm", bollard5, one);
    g_autofree char *bare = write_town("bare.osm", "", "");
    g_autofree char *own = g_build_filename(folder, "own.csv", NULL);
    g_assert_true(g_file_set_contents(own,
                                      "code,what,from_way,to_way,lon,lat,foot,ebike,car\n"
                                      "mine,no,w11,w12,117.2,31.801,0,1,1\n",
                                      -1, NULL));
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_assert_false(geo_import_file(city->store, &act, "turns", path, NULL, NULL, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "import CITY roads"));
    import(city->store, "roads", path, false);
    assert_rules(city->store, 7, 1, 1);
    import(city->store, "turns", own, false);
    assert_rules(city->store, 7, 2, 1);
    import(city->store, "roads", path, false);
    import(city->store, "turns", path, false);
    import(city->store, "barriers", path, false);
    assert_rules(city->store, 7, 2, 1);
    import(city->store, "turns", path, true);
    assert_rules(city->store, 7, 1, 1);
    import(city->store, "barriers", bare, false);
    assert_rules(city->store, 7, 1, 0);
    import(city->store, "roads", path, false);
    assert_rules(city->store, 7, 1, 1);
    import(city->store, "roads", bare, false);
    assert_rules(city->store, 7, 0, 0);
}

static GeoNetwork *load(GeoStore *store, GeoFrame *frame)
{
    g_autoptr(GError) error = NULL;
    GeoNetwork *network = geo_network_load(store, frame, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(network->lost_turns + network->facts.unfit_turns, ==, 0);
    g_assert_cmpuint(network->facts.unfit_barriers, ==, 0);
    return network;
}

/* Seconds from one place to the other; negative: there is no way. */
static double route_s(GeoStore *store, GeoProfile profile, GeoLonLat from, GeoLonLat to)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, &error);
    g_autoptr(GeoNetwork) network = load(store, frame);
    GeoXY xy[2];
    geo_frame_to_xy(frame, (const GeoLonLat[]){from, to}, xy, 2);
    GeoSnap a = geo_roads_snap(network->roads, xy[0], profile, 50);
    GeoSnap b = geo_roads_snap(network->roads, xy[1], profile, 50);
    double seconds, length_m;
    return geo_roads_route(network->roads, profile, &a, &b, &seconds, &length_m, NULL) ? seconds
                                                                                       : -1;
}

/* What the file forbids is not driven: a turn by those whom it binds, a bollard by cars. */
static void rules_are_driven(gconstpointer backend)
{
    const GeoLonLat south = {117.2, 31.8002}, west = {117.1992, 31.801}, east = {117.2008, 31.801};
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autofree char *bare = write_town("bare.osm", "", "");
    g_autofree char *left = relation("w11", "n5", "w14", "restriction=no_left_turn");
    g_autofree char *turn = write_town("turn.osm", "", left);
    g_autofree char *post = write_town("post.osm", bollard5, "");
    import(city->store, "roads", bare, false);
    double free_s = route_s(city->store, GEO_PROFILE_CAR, south, west);
    double east_s = route_s(city->store, GEO_PROFILE_CAR, south, east);
    g_assert_true(free_s > 0 && east_s > 0);
    import(city->store, "roads", turn, false);
    g_assert_true(!(route_s(city->store, GEO_PROFILE_CAR, south, west) <= free_s * 1.01 &&
                    route_s(city->store, GEO_PROFILE_CAR, south, west) > 0));
    g_assert_cmpfloat(route_s(city->store, GEO_PROFILE_CAR, south, east), ==, east_s);
    g_assert_cmpfloat(route_s(city->store, GEO_PROFILE_FOOT, south, west), >, 0);
    import(city->store, "roads", post, false);
    g_assert_cmpfloat(route_s(city->store, GEO_PROFILE_CAR, south, east), <, 0);
    g_assert_cmpfloat(route_s(city->store, GEO_PROFILE_EBIKE, south, east), >, 0);
}

/* ---- real files ---- */

/* Counted by osmium (tags-filter, cat -f opl) and a plain script over its text. */
static void test_real_extracts(void)
{
    static const struct {
        const char *file;
        guint turns, barriers;
    } reals[] = {
        {"liechtenstein.osm.pbf", 2, 35},
        {"columbus-ohio.osm.pbf", 9, 1},
        {"helsinki-centre.osm.pbf", 44, 18},
        {"monaco.osm.gz", 0, 0},
    };
    g_autofree char *data = g_build_filename(g_getenv("GRIDBEAT_SHARED"), "data", "osm", NULL);
    if (!g_file_test(data, G_FILE_TEST_IS_DIR)) {
        g_test_skip("../shared/data is not there");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(reals); i++) {
        g_autoptr(FreshCity) city = fresh_city_new("memory");
        g_autofree char *path = g_build_filename(data, reals[i].file, NULL);
        g_autoptr(GError) error = NULL;
        import(city->store, "roads", path, false);
        g_assert_cmpuint(fresh_count(city->store, GEO_KIND_TURN, NULL), ==, reals[i].turns);
        g_assert_cmpuint(fresh_count(city->store, GEO_KIND_BARRIER, NULL), ==, reals[i].barriers);
        g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(city->store)->epsg, &error);
        g_autoptr(GeoNetwork) network = load(city->store, frame);
        g_assert_cmpuint(network->facts.turns, ==, reals[i].turns);
        g_assert_cmpuint(network->facts.barriers, ==, reals[i].barriers);
    }
}

int main(int argc, char **argv)
{
    const char *source = g_getenv("G_TEST_SRCDIR");
    g_autofree char *data = g_build_filename(source ? source : ".", "..", "..", "data", NULL);
    g_setenv("GRIDBEAT_DATA_DIR", data, TRUE);
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("gridbeat-test-XXXXXX", NULL);
    g_test_add_func("/osm/forms-agree", test_forms_agree);
    g_test_add_func("/osm/sorts-are-chosen", test_sorts_are_chosen);
    g_test_add_func("/osm/cut-files-are-told", test_cut_files);
    g_test_add_func("/osm/damaged-files-are-survived", test_damaged_files);
    g_test_add_func("/osm/taker-stops", test_taker_stops);
    g_test_add_func("/osm/xml-by-hand", test_xml_by_hand);
    g_test_add_func("/osm/turns", test_turns);
    g_test_add_func("/osm/barriers", test_barriers);
    g_test_add_func("/osm/only-on-roads", test_only_on_roads);
    g_test_add_data_func("/osm/again-never-doubles/memory", "memory", again_never_doubles);
    g_test_add_data_func("/osm/again-never-doubles/sqlite", "sqlite", again_never_doubles);
    g_test_add_data_func("/osm/rules-are-driven/memory", "memory", rules_are_driven);
    g_test_add_data_func("/osm/rules-are-driven/sqlite", "sqlite", rules_are_driven);
    g_test_add_func("/osm/real-extracts", test_real_extracts);
    int result = g_test_run();
    fresh_remove(folder);
    g_free(folder);
    return result;
}
