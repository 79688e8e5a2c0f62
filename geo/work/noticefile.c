/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/noticefile.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/store/source.h"

struct GeoNoticeFile {
    GeoSource *source;
    size_t column[GEO_N_NOTICE_FIELDS]; /* SIZE_MAX: none */
    size_t n_columns;
};

static const char *const also[GEO_N_NOTICE_FIELDS][5] = {
    [GEO_NOTICE_NUMBER] = {"编号", "工单编号", "工单号", "id"},
    [GEO_NOTICE_TIME] = {"时间", "受理时间", "来电时间"},
    [GEO_NOTICE_DATUM] = {"坐标系"},
    [GEO_NOTICE_PLACE] = {"地点", "地址", "位置", "address"},
    [GEO_NOTICE_ITEM] = {"事项", "服务事项"},
    [GEO_NOTICE_CATEGORY] = {"类别", "分类"},
    [GEO_NOTICE_WORDS] = {"内容", "诉求内容", "描述", "description"},
    [GEO_NOTICE_PRIORITY] = {"级别", "优先级"},
    [GEO_NOTICE_CALLER] = {"姓名", "来电人", "联系人"},
    [GEO_NOTICE_PHONE] = {"电话", "来电号码", "联系电话"},
    [GEO_NOTICE_LON] = {"经度", "lng", "longitude"},
    [GEO_NOTICE_LAT] = {"纬度", "latitude"},
};

static bool is_named(GeoNoticeField field, const char *column)
{
    bool found = !g_ascii_strcasecmp(column, geo_notice_fields[field]);
    for (size_t i = 0; also[field][i] && !found; i++)
        found = !g_ascii_strcasecmp(column, also[field][i]);
    return found;
}

static bool find_columns(GeoNoticeFile *file, GError **error)
{
    const char *const *columns = geo_source_columns(file->source, 0, &file->n_columns);
    for (int field = 0; field < GEO_N_NOTICE_FIELDS; field++) {
        file->column[field] = SIZE_MAX;
        for (size_t i = 0; i < file->n_columns && file->column[field] == SIZE_MAX; i++)
            if (columns[i] && is_named((GeoNoticeField)field, columns[i]))
                file->column[field] = i;
    }
    if (file->column[GEO_NOTICE_NUMBER] != SIZE_MAX)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "'%s' has no column with the source's own number: call it number or 编号",
                geo_source_base(file->source));
    return false;
}

GeoNoticeFile *geo_noticefile_open(const char *path, const char *encoding, GError **error)
{
    g_autoptr(GeoNoticeFile) file = g_new0(GeoNoticeFile, 1);
    file->source = geo_source_open(path, encoding, error);
    if (!file->source)
        return NULL;
    if (geo_source_n_layers(file->source) == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "'%s' holds no table",
                    geo_source_base(file->source));
        return NULL;
    }
    return find_columns(file, error) ? g_steal_pointer(&file) : NULL;
}

void geo_noticefile_free(GeoNoticeFile *file)
{
    if (!file)
        return;
    geo_source_free(file->source);
    g_free(file);
}

int geo_noticefile_next(GeoNoticeFile *file, GeoNotice *notice, GError **error)
{
    GeoSourceRow row;
    int more;
    do
        more = geo_source_next(file->source, &row, error);
    while (more > 0 && row.layer != 0); /* further sheets are something else */
    if (more <= 0)
        return more;
    geo_notice_init(notice);
    notice->line = row.line;
    if (row.n_values != file->n_columns)
        notice->flaw = GEO_NOTICE_TORN;
    for (int field = 0; field < GEO_N_NOTICE_FIELDS; field++) {
        size_t at = file->column[field];
        const char *text = at < row.n_values ? row.values[at] : NULL;
        if (text)
            geo_notice_set(notice, (GeoNoticeField)field, text, strlen(text));
    }
    return 1;
}
