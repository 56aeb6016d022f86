/*
 * nodes/msg/xmlsafe_write.c - XML straight into a buffer, and XML dateTime.
 *
 * Source:  XML 1.0 §2.2 (characters), §2.4 (escapes); XML Schema Part 2 §3.2.7 (dateTime).
 * Knows:   see xmlsafe.h.
 */
#include "nodes/msg/xmlsafe.h"

void xmlwriter_init(XmlWriter *writer, char *out, size_t cap)
{
    *writer = (XmlWriter){ out, cap, 0, false };
}

void xmlwriter_raw(XmlWriter *writer, Text markup)
{
    if (writer->full || markup.len > writer->cap - writer->len) {
        writer->full = true;
        return;
    }
    if (markup.len > 0)
        memcpy(writer->out + writer->len, markup.p, markup.len);
    writer->len += markup.len;
}

void xmlwriter_literal(XmlWriter *writer, const char *markup)
{
    xmlwriter_raw(writer, text_from(markup));
}

static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* How many octets from @p on are one character that XML can carry; 0: none. */
static size_t character_length(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    if (c < 0x80)
        return c >= ' ' || c == '\t' || c == '\n' || c == '\r' ? 1 : 0;
    gunichar u = g_utf8_get_char_validated(p, (gssize)left);
    if (u >= 0x110000 || u == 0xfffe || u == 0xffff)
        return 0;
    return u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
}

void xmlwriter_text(XmlWriter *writer, Text text)
{
    for (uint32_t i = 0; i < text.len;) {
        const char *escape = escape_of((unsigned char)text.p[i]);
        size_t n = character_length(text.p + i, text.len - i);
        if (escape)
            xmlwriter_literal(writer, escape);
        else if (n == 0)
            xmlwriter_literal(writer, "\xef\xbf\xbd");
        else
            xmlwriter_raw(writer, text_of(text.p + i, n));
        i += n > 0 ? (uint32_t)n : 1;
    }
}

void xmlwriter_number(XmlWriter *writer, int64_t value)
{
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, value);
    xmlwriter_literal(writer, digits);
}

void xmlwriter_element(XmlWriter *writer, const char *name, Text text)
{
    if (!text_present(text))
        return;
    xmlwriter_literal(writer, "<");
    xmlwriter_literal(writer, name);
    xmlwriter_literal(writer, ">");
    xmlwriter_text(writer, text);
    xmlwriter_literal(writer, "</");
    xmlwriter_literal(writer, name);
    xmlwriter_literal(writer, ">");
}

void xmlwriter_attribute(XmlWriter *writer, const char *name, Text text)
{
    if (!text_present(text))
        return;
    xmlwriter_literal(writer, " ");
    xmlwriter_literal(writer, name);
    xmlwriter_literal(writer, "=\"");
    xmlwriter_text(writer, text);
    xmlwriter_literal(writer, "\"");
}

size_t xmlwriter_finish(const XmlWriter *writer)
{
    return writer->full ? 0 : writer->len;
}

/* ---- dateTime ---- */

enum { MS_PER_SECOND = 1000, SECONDS_PER_DAY = 86400 };

/* Days from 1970-01-01 to a date of the Gregorian calendar, counted in years that begin in March, so that the leap day
 * is last. */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly @digits digits of a number in [@min, @max]. */
static bool take_number(Text *rest, unsigned digits, unsigned min, unsigned max, unsigned *out)
{
    uint32_t n;
    if (rest->len < digits || !text_to_u32(text_first(*rest, digits), max, &n) || n < min)
        return false;
    *rest = text_after(*rest, digits);
    *out = n;
    return true;
}

static bool take_char(Text *rest, char c)
{
    if (rest->len == 0 || rest->p[0] != c)
        return false;
    *rest = text_after(*rest, 1);
    return true;
}

static bool take_date(Text *rest, int64_t *days)
{
    unsigned year, month, day;
    if (!take_number(rest, 4, 1, 9999, &year) || !take_char(rest, '-') || !take_number(rest, 2, 1, 12, &month) ||
        !take_char(rest, '-') || !take_number(rest, 2, 1, days_in_month(year, month), &day))
        return false;
    *days = days_from_civil(year, month, day);
    return true;
}

/* Time of day with a fraction; what is finer than a millisecond is cut off.  24:00:00 is the end of the day. */
static bool take_time(Text *rest, int64_t *ms)
{
    unsigned hour, minute, second;
    if (!take_number(rest, 2, 0, 24, &hour) || !take_char(rest, ':') || !take_number(rest, 2, 0, 59, &minute) ||
        !take_char(rest, ':') || !take_number(rest, 2, 0, 59, &second) || (hour == 24 && (minute || second)))
        return false;
    *ms = (int64_t)(hour * 3600 + minute * 60 + second) * MS_PER_SECOND;
    if (!take_char(rest, '.'))
        return true;
    unsigned digits = 0;
    for (int64_t unit = 100; rest->len > 0 && g_ascii_isdigit(rest->p[0]); unit /= 10, digits++) {
        *ms += (rest->p[0] - '0') * unit;
        *rest = text_after(*rest, 1);
    }
    return digits > 0;
}

static bool take_zone(Text *rest, int64_t *offset_ms)
{
    unsigned hour, minute;
    *offset_ms = 0;
    if (rest->len == 0 || take_char(rest, 'Z'))
        return true;
    bool west = rest->p[0] == '-';
    if (!west && rest->p[0] != '+')
        return false;
    *rest = text_after(*rest, 1);
    if (!take_number(rest, 2, 0, 14, &hour) || !take_char(rest, ':') || !take_number(rest, 2, 0, 59, &minute))
        return false;
    *offset_ms = (int64_t)(hour * 60 + minute) * 60 * MS_PER_SECOND * (west ? -1 : 1);
    return true;
}

bool xmlsafe_time_parse(Text text, int64_t *unix_ms)
{
    int64_t days, ms, offset;
    Text rest = text_trim(text);
    if (!take_date(&rest, &days) || !take_char(&rest, 'T') || !take_time(&rest, &ms) || !take_zone(&rest, &offset) ||
        rest.len > 0)
        return false;
    *unix_ms = days * SECONDS_PER_DAY * MS_PER_SECOND + ms - offset;
    return true;
}

Text xmlsafe_time_text(int64_t unix_ms, char out[XMLSAFE_TIME_MAX])
{
    const int64_t ms_per_day = (int64_t)SECONDS_PER_DAY * MS_PER_SECOND;
    int64_t days = unix_ms / ms_per_day, ms = unix_ms % ms_per_day, year;
    unsigned month, day;
    if (ms < 0) {
        ms += ms_per_day;
        days--;
    }
    civil_from_days(days, &year, &month, &day);
    int64_t seconds = ms / MS_PER_SECOND;
    int len = g_snprintf(out, XMLSAFE_TIME_MAX, "%04d-%02u-%02uT%02d:%02d:%02d", (int)(year % 10000), month, day,
                         (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (ms % MS_PER_SECOND != 0)
        len += g_snprintf(out + len, (gulong)(XMLSAFE_TIME_MAX - len), ".%03d", (int)(ms % MS_PER_SECOND));
    len += g_snprintf(out + len, (gulong)(XMLSAFE_TIME_MAX - len), "Z");
    return text_of(out, (size_t)len);
}
