/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/trackfile.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/source.h"
#include "geo/work/admit.h"
#include "geo/work/timetext.h"

#define CHUNK 200000              /* fixes of one write */
#define STRIDE_MS INT64_C(300000) /* between two looks at whether somebody cancels */
#define GPX_LAYER "track_points"

const char *const geo_trackfile_flaws[] = {"no-unit", "no-time", "no-place", NULL};

typedef struct {
    uint32_t unit; /* number in names */
    float speed_mps, heading_deg, accuracy_m;
    int64_t at_ms;
    double lon, lat;
} Row;

struct GeoTrackFile {
    GeoTrackFileReport report;
    GPtrArray *names; /* char *, owned */
    GArray *rows;     /* Row, by unit, then time, then as in the file */
};

/* ---- columns ---- */

typedef enum {
    UNIT,
    TIME,
    LON,
    LAT,
    SPEED_MPS,
    SPEED_KMH,
    SPEED,
    HEADING,
    ACCURACY,
    N_COLUMNS
} Column;

static const char *const aliases[N_COLUMNS] = {
    [UNIT] =
        "unit;unit_code;unit_id;vehicle_id;vehicle;device;device_id;deviceid;id;code;name;人员编号;"
        "编号;编码;警号;车牌;车牌号;车辆号;设备编号;终端号;警员编号;设备号",
    [TIME] = "time;timestamp;at;at_ms;datetime;date_time;fix_time;fixtime;gps_time;时间;定位时间;"
             "上报时间",
    [LON] = "lon;lng;long;longitude;x;经度",
    [LAT] = "lat;latitude;y;纬度",
    [SPEED_MPS] = "speed_mps;speed_ms;speed m/s;速度m/s",
    [SPEED_KMH] = "speed_kmh;speed_kph;speed km/h;速度km/h;时速",
    [SPEED] = "speed;速度",
    [HEADING] = "heading;heading_deg;course;bearing;direction;方向;方向角;航向",
    [ACCURACY] = "accuracy;accuracy_m;acc;hacc;精度",
};

typedef struct {
    GeoTrackFile *file;
    GeoSource *source;
    GTimeZone *zone;
    const char *unit;    /* of all rows; NULL */
    GHashTable *numbers; /* name, of names -> number + 1 */
    int **columns;       /* by layer: N_COLUMNS numbers, -1: none; NULL: not to be read */
    GArray *last_ms;     /* int64_t by unit: of the row before */
    char offset[8];      /* of the first time that has one */
    bool is_gpx;
} Reading;

/* How names are compared: without case, blanks, brackets and strokes, wide letters as narrow ones.
 */
static char *dup_folded(const char *name)
{
    g_autofree char *narrow = g_utf8_normalize(name, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *low = g_utf8_strdown(narrow ? narrow : "", -1);
    GString *folded = g_string_new(NULL);
    for (const char *at = low; *at; at++)
        if (!strchr(" ()_-\t", *at))
            g_string_append_c(folded, *at);
    return g_string_free(folded, FALSE);
}

static int find_column(const char *const *columns, size_t n, const char *names)
{
    g_auto(GStrv) wanted = g_strsplit(names, ";", -1);
    for (guint w = 0; wanted[w]; w++) {
        g_autofree char *alias = dup_folded(wanted[w]);
        for (size_t i = 0; i < n; i++) {
            g_autofree char *folded = dup_folded(columns[i]);
            if (!strcmp(folded, alias))
                return (int)i;
        }
    }
    return -1;
}

static bool fail_column(const GeoSource *source, const char *what, Column column, GError **error)
{
    g_autofree char *known = g_strdup(aliases[column]);
    g_strdelimit(known, ";", ' ');
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "cannot read '%s': no column is the %s; names that are known: %s",
                geo_source_base(source), what, known);
    return false;
}

static bool find_columns(Reading *reading, size_t layer, GError **error)
{
    size_t n;
    const char *const *names = geo_source_columns(reading->source, layer, &n);
    const char *name = geo_source_layer_name(reading->source, layer);
    bool is_gpx = !strcmp(geo_source_format(reading->source), "GPX");
    if (is_gpx && g_strcmp0(name, GPX_LAYER) != 0)
        return true;
    reading->is_gpx = is_gpx;
    int *columns = reading->columns[layer] = g_new(int, N_COLUMNS);
    for (int i = 0; i < N_COLUMNS; i++)
        columns[i] = find_column(names, n, aliases[i]);
    if (columns[TIME] < 0)
        return fail_column(reading->source, "time", TIME, error);
    if (columns[UNIT] < 0 && !reading->unit && !is_gpx)
        return fail_column(reading->source, "unit", UNIT, error);
    bool text = !strcmp(geo_source_format(reading->source), "CSV") ||
                !strcmp(geo_source_format(reading->source), "XLSX");
    if (text && (columns[LON] < 0 || columns[LAT] < 0))
        return fail_column(reading->source, "place", columns[LON] < 0 ? LON : LAT, error);
    return true;
}

/* ---- rows ---- */

static const char *value_of(const GeoSourceRow *row, int column)
{
    const char *value = column >= 0 && (size_t)column < row->n_values ? row->values[column] : NULL;
    return value && *value ? value : NULL;
}

static double number_of(const GeoSourceRow *row, int column)
{
    const char *value = value_of(row, column);
    char *end;
    double number = value ? g_ascii_strtod(value, &end) : (double)NAN;
    return value && end != value && *end == '\0' && isfinite(number) ? number : (double)NAN;
}

static void flaw(Reading *reading, GeoTrackFileFlaw what, int64_t line)
{
    if (reading->file->report.flaws[what]++ == 0)
        reading->file->report.first_flaw[what] = line;
}

static uint32_t number_unit(Reading *reading, const char *name)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(reading->numbers, name));
    if (known > 0)
        return known - 1;
    const int64_t none = INT64_MIN;
    g_ptr_array_add(reading->file->names, g_strdup(name));
    g_array_append_val(reading->last_ms, none);
    guint n = reading->file->names->len;
    g_hash_table_insert(reading->numbers, g_ptr_array_index(reading->file->names, n - 1),
                        GUINT_TO_POINTER(n));
    return n - 1;
}

/* A track of a GPX is a unit: the first is named as the file, the others with a number more. */
static char *dup_unit(Reading *reading, const GeoSourceRow *row, const int *columns)
{
    if (reading->unit)
        return g_strdup(reading->unit);
    if (!reading->is_gpx) {
        const char *value = value_of(row, columns[UNIT]);
        return value ? g_strstrip(g_strdup(value)) : NULL;
    }
    size_t n;
    const char *const *names = geo_source_columns(reading->source, row->layer, &n);
    const char *track = value_of(row, find_column(names, n, "track_fid"));
    g_autofree char *base = g_strdup(geo_source_base(reading->source));
    char *dot = strchr(base, '.');
    if (dot)
        *dot = '\0';
    return !track || !strcmp(track, "0") ? g_steal_pointer(&base)
                                         : g_strdup_printf("%s-%s", base, track);
}

/* The offset that stands behind a time: "+08:00", "Z"; "" where there is none. */
static const char *offset_of(const char *text)
{
    size_t n = strlen(text);
    if (n > 0 && text[n - 1] == 'Z')
        return text + n - 1;
    if (n > 6 && (text[n - 6] == '+' || text[n - 6] == '-') && text[n - 3] == ':')
        return text + n - 6;
    return "";
}

static bool read_time(Reading *reading, const GeoSourceRow *row, const int *columns, int64_t *at_ms)
{
    const char *text = value_of(row, columns[TIME]);
    if (!text)
        return false;
    GeoTimetext result = geo_timetext_parse(text, NULL, reading->zone, at_ms);
    if (result == GEO_TIMETEXT_WRONG || result == GEO_TIMETEXT_IMPOSSIBLE)
        return false;
    reading->file->report.local_times += !*offset_of(text) && strpbrk(text, "-/:年");
    reading->file->report.skipped_hour += result == GEO_TIMETEXT_SKIPPED;
    const char *offset = offset_of(text);
    if (*offset && !*reading->offset)
        g_strlcpy(reading->offset, offset, sizeof reading->offset);
    reading->file->report.other_offset += *offset && strcmp(offset, reading->offset) != 0;
    return true;
}

static bool read_place(const GeoSourceRow *row, const int *columns, Row *to)
{
    to->lon = number_of(row, columns[LON]);
    to->lat = number_of(row, columns[LAT]);
    if ((columns[LON] < 0 || columns[LAT] < 0) && row->n_points > 0) {
        to->lon = row->points[0].lon;
        to->lat = row->points[0].lat;
    }
    return geo_coord_valid((GeoLonLat){to->lon, to->lat}) && !(to->lon == 0 && to->lat == 0);
}

static void read_motion(Reading *reading, const GeoSourceRow *row, const int *columns, Row *to)
{
    /* GPX says metres a second. */
    Column mps_column = reading->is_gpx && columns[SPEED_MPS] < 0 ? SPEED : SPEED_MPS;
    double mps = number_of(row, columns[mps_column]), kmh = number_of(row, columns[SPEED_KMH]);
    double heading = number_of(row, columns[HEADING]), accuracy = number_of(row, columns[ACCURACY]);
    if (isnan(mps))
        mps = kmh / 3.6;
    if (isnan(mps) && value_of(row, columns[SPEED]))
        reading->file->report.without_speed++;
    to->speed_mps = mps >= 0 ? (float)mps : NAN;
    to->heading_deg = heading >= 0 && heading <= 360 ? (float)heading : NAN;
    to->accuracy_m = accuracy >= 0 ? (float)accuracy : NAN;
}

static void take_row(Reading *reading, const GeoSourceRow *row)
{
    GeoTrackFileReport *report = &reading->file->report;
    const int *columns = reading->columns[row->layer];
    Row one = {0};
    if (!columns)
        return;
    report->read++;
    g_autofree char *name = dup_unit(reading, row, columns);
    if (!name || !*name) {
        flaw(reading, GEO_TRACKFILE_NO_UNIT, row->line);
        return;
    }
    if (!read_time(reading, row, columns, &one.at_ms)) {
        flaw(reading, GEO_TRACKFILE_NO_TIME, row->line);
        return;
    }
    if (!read_place(row, columns, &one)) {
        flaw(reading, GEO_TRACKFILE_NO_PLACE, row->line);
        return;
    }
    read_motion(reading, row, columns, &one);
    one.unit = number_unit(reading, name);
    int64_t *last_ms = &g_array_index(reading->last_ms, int64_t, one.unit);
    report->out_of_order += one.at_ms < *last_ms;
    *last_ms = one.at_ms;
    report->from_ms = report->from_ms ? MIN(report->from_ms, one.at_ms) : one.at_ms;
    report->to_ms = MAX(report->to_ms, one.at_ms);
    geo_bounds_add(&report->bounds, (GeoLonLat){one.lon, one.lat});
    g_array_append_val(reading->file->rows, one);
}

static int by_unit_and_time(const void *a, const void *b)
{
    const Row *p = a, *q = b;
    if (p->unit != q->unit)
        return p->unit < q->unit ? -1 : 1;
    return (p->at_ms > q->at_ms) - (p->at_ms < q->at_ms);
}

static bool read_rows(Reading *reading, GeoProgress *progress, GError **error)
{
    GeoSourceRow row;
    int more;
    while ((more = geo_source_next(reading->source, &row, error)) > 0) {
        take_row(reading, &row);
        if ((reading->file->report.read & 1023) == 0 &&
            !geo_progress_step(progress, geo_source_share(reading->source), error))
            return false;
    }
    if (more < 0)
        return false;
    g_array_sort(reading->file->rows, by_unit_and_time); /* stable */
    return true;
}

GeoTrackFile *geo_trackfile_read(const char *path, const GeoTrackFileOptions *options,
                                 GeoProgress *progress, GError **error)
{
    g_autoptr(GeoSource) source = geo_source_open(path, options->encoding, error);
    if (!source)
        return NULL;
    g_autoptr(GeoTrackFile) file = g_new0(GeoTrackFile, 1);
    file->names = g_ptr_array_new_with_free_func(g_free);
    file->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    file->report.bounds = GEO_BOUNDS_EMPTY;
    file->report.file = g_strdup(geo_source_base(source));
    file->report.format = g_strdup(geo_source_format(source));
    file->report.encoding = g_strdup(geo_source_encoding(source));
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(options->zone ? options->zone : "UTC");
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) last_ms = g_array_new(FALSE, FALSE, sizeof(int64_t));
    size_t n_layers = geo_source_n_layers(source);
    Reading reading = {.file = file,
                       .source = source,
                       .zone = zone,
                       .unit = options->unit,
                       .numbers = numbers,
                       .columns = g_new0(int *, n_layers + 1),
                       .last_ms = last_ms};
    bool ok = zone != NULL;
    if (!ok)
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "there is no time zone '%s'", options->zone);
    for (size_t i = 0; ok && i < n_layers; i++)
        ok = find_columns(&reading, i, error);
    ok = ok && read_rows(&reading, progress, error);
    for (size_t i = 0; i < n_layers; i++)
        g_free(reading.columns[i]);
    g_free(reading.columns);
    return ok ? g_steal_pointer(&file) : NULL;
}

void geo_trackfile_free(GeoTrackFile *file)
{
    if (!file)
        return;
    g_free(file->report.file);
    g_free(file->report.format);
    g_free(file->report.encoding);
    g_ptr_array_unref(file->names);
    g_array_unref(file->rows);
    g_free(file);
}

const GeoTrackFileReport *geo_trackfile_report(const GeoTrackFile *file)
{
    return &file->report;
}

size_t geo_trackfile_n_units(const GeoTrackFile *file)
{
    return file->names->len;
}

const char *geo_trackfile_unit(const GeoTrackFile *file, size_t i)
{
    return g_ptr_array_index(file->names, i);
}

/* ---- units ---- */

bool geo_trackfile_make_units(const GeoTrackFile *file, GeoStore *store, const GeoAct *act,
                              size_t *made, GError **error)
{
    g_autoptr(GeoMuster) muster = geo_muster_load(store, act->now_ms, error);
    if (!muster)
        return false;
    g_autoptr(GeoBatch) units = geo_batch_new(GEO_KIND_UNIT);
    for (guint i = 0; i < file->names->len; i++) {
        const char *name = g_ptr_array_index(file->names, i);
        if (geo_muster_find(muster, name) >= 0)
            continue;
        GeoUnit *unit = geo_batch_add(units);
        unit->row.id = geo_act_new_id(act->now_ms);
        unit->row.code = geo_batch_text(units, name);
        unit->unit_kind = GEO_UNIT_CAR;
        unit->status = GEO_STATUS_AVAILABLE;
    }
    *made = units->rows->len;
    GeoImport import = {.id = geo_act_new_id(act->now_ms),
                        .kind = "units",
                        .source = file->report.file,
                        .note = "named by a file of positions"};
    return *made == 0 || (geo_store_import_begin(store, act, &import, error) &&
                          geo_store_import_put(store, act, import.id, units, error) &&
                          geo_store_import_finish(store, act, import.id, 0, error));
}

/* ---- judging and writing ---- */

static GeoHeard heard_of(const GeoTrackFile *file, const Row *row, int64_t shift_ms)
{
    GeoHeard heard;
    geo_heard_init(&heard);
    const char *name = g_ptr_array_index(file->names, row->unit);
    if (!geo_heard_set_key(&heard, name, strlen(name)))
        geo_heard_set_key(&heard, "?", 1); /* too long for a name of a unit: nobody's */
    heard.fix = (GeoFix){.at_ms = row->at_ms + shift_ms,
                         .lon = row->lon,
                         .lat = row->lat,
                         .speed_mps = row->speed_mps,
                         .heading_deg = row->heading_deg,
                         .accuracy_m = row->accuracy_m};
    heard.heard_ms = heard.fix.at_ms;
    heard.flags = GEO_HEARD_VALID;
    return heard;
}

/* As of the file's own time: rosters of then. The gate's borders are the city's; a city that has
 * none but these units takes them everywhere. */
static GeoAdmit *admit_for(GeoStore *store, int64_t at_ms, GError **error)
{
    g_autoptr(GeoMuster) muster = geo_muster_load(store, at_ms, error);
    return muster ? geo_admit_new(muster, 1) : NULL;
}

static void count_unknown(const GeoTrackFile *file, const GeoMuster *muster, GeoTrackFileDone *done)
{
    for (guint i = 0; i < file->names->len; i++)
        done->unknown_units += geo_muster_find(muster, g_ptr_array_index(file->names, i)) < 0;
}

/* The duty of a muster covers three days: a longer file is judged by one muster a day. */
static bool is_other_day(int64_t a_ms, int64_t b_ms)
{
    return a_ms / INT64_C(86400000) != b_ms / INT64_C(86400000);
}

bool geo_trackfile_import(const GeoTrackFile *file, GeoStore *store, bool dry_run,
                          const GeoAct *act, GeoTrackFileDone *done, GeoProgress *progress,
                          GError **error)
{
    g_autoptr(GeoTrackPlay) play = geo_trackplay_new(file, store, INT64_MIN, INT64_MAX, 0, error);
    const GeoTrackFileReport *report = &file->report;
    double span_ms = (double)MAX(report->to_ms - report->from_ms, 1);
    int64_t at_ms;
    if (!play)
        return false;
    while (geo_trackplay_next(play, &at_ms)) {
        size_t waiting;
        int64_t until_ms = at_ms + STRIDE_MS;
        if (!geo_trackplay_step(play, until_ms, &waiting, error))
            return false;
        if ((waiting >= CHUNK || until_ms >= report->to_ms) &&
            !geo_trackplay_write(play, dry_run ? NULL : store, act, error))
            return false;
        if (!geo_progress_step(progress, (double)(at_ms - report->from_ms) / span_ms, error))
            return false;
    }
    *done = *geo_trackplay_done(play);
    return true;
}

/* ---- in the order of time ---- */

struct GeoTrackPlay {
    const GeoTrackFile *file; /* borrowed */
    GeoStore *store;          /* borrowed: musters are read from it */
    uint32_t *order;          /* rows by time, then as they are; owned, as all below */
    size_t n, next;
    int64_t shift_ms, muster_ms;
    GeoAdmit *admit;
    GArray *kept, *sos;
    GeoTrackFileDone done;
};

static int by_row_time(gconstpointer a, gconstpointer b, gpointer rows)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const Row *p = &g_array_index((GArray *)rows, Row, i);
    const Row *q = &g_array_index((GArray *)rows, Row, j);
    if (p->at_ms != q->at_ms)
        return p->at_ms < q->at_ms ? -1 : 1;
    return (i > j) - (i < j);
}

GeoTrackPlay *geo_trackplay_new(const GeoTrackFile *file, GeoStore *store, int64_t from_ms,
                                int64_t to_ms, int64_t shift_ms, GError **error)
{
    g_autoptr(GeoTrackPlay) play = g_new0(GeoTrackPlay, 1);
    play->file = file;
    play->store = store;
    play->shift_ms = shift_ms;
    play->order = g_new(uint32_t, file->rows->len + 1);
    for (uint32_t i = 0; i < file->rows->len; i++) {
        int64_t at_ms = g_array_index(file->rows, Row, i).at_ms;
        if (at_ms >= from_ms && at_ms < to_ms)
            play->order[play->n++] = i;
    }
    g_qsort_with_data(play->order, (gint)play->n, sizeof *play->order, by_row_time, file->rows);
    play->kept = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    play->sos = g_array_new(FALSE, FALSE, sizeof(GeoAdmitSos));
    play->muster_ms = file->report.from_ms + shift_ms;
    play->admit = admit_for(store, play->muster_ms, error);
    if (!play->admit)
        return NULL;
    count_unknown(file, geo_admit_muster(play->admit), &play->done);
    return g_steal_pointer(&play);
}

void geo_trackplay_free(GeoTrackPlay *play)
{
    if (!play)
        return;
    g_free(play->order);
    geo_admit_free(play->admit);
    g_array_unref(play->kept);
    g_array_unref(play->sos);
    g_free(play);
}

static const Row *next_row(const GeoTrackPlay *play)
{
    return play->next < play->n ? &g_array_index(play->file->rows, Row, play->order[play->next])
                                : NULL;
}

bool geo_trackplay_next(const GeoTrackPlay *play, int64_t *at_ms)
{
    const Row *row = next_row(play);
    if (row)
        *at_ms = row->at_ms + play->shift_ms;
    return row != NULL;
}

/* Another day has other shifts. */
static bool keep_muster_fresh(GeoTrackPlay *play, int64_t at_ms, GError **error)
{
    if (!is_other_day(at_ms, play->muster_ms))
        return true;
    g_autoptr(GeoMuster) muster = geo_muster_load(play->store, at_ms, error);
    if (!muster)
        return false;
    geo_admit_renew(play->admit, muster);
    play->muster_ms = at_ms;
    return true;
}

bool geo_trackplay_step(GeoTrackPlay *play, int64_t at_ms, size_t *n_waiting, GError **error)
{
    const Row *row;
    while ((row = next_row(play)) && row->at_ms + play->shift_ms <= at_ms) {
        GeoHeard heard = heard_of(play->file, row, play->shift_ms);
        if (!keep_muster_fresh(play, heard.fix.at_ms, error))
            return false;
        play->done.by[geo_admit_take(play->admit, &heard, play->kept, play->sos)]++;
        play->next++;
    }
    *n_waiting = play->kept->len;
    return true;
}

bool geo_trackplay_write(GeoTrackPlay *play, GeoStore *store, const GeoAct *act, GError **error)
{
    GArray *kept = play->kept;
    size_t refused = 0;
    if (store && kept->len > 0 &&
        !geo_store_ingest_fixes(store, act, (const GeoFix *)(void *)kept->data, kept->len, &refused,
                                error))
        return false;
    play->done.kept += store ? kept->len - refused : 0;
    play->done.refused += refused;
    g_array_set_size(kept, 0);
    return true;
}

const GeoTrackFileDone *geo_trackplay_done(const GeoTrackPlay *play)
{
    return &play->done;
}
