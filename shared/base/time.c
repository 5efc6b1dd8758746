#include "base/time.h"

#include "base/assert.h"

/* The first instant that can be written: 0001-01-01T00:00:00Z. */
#define INSTANT_US_MIN (-62135596800LL * FC_US_PER_S)
/* The last instant whose day has a year of four digits in Seoul, too. */
#define INSTANT_US_MAX (253402300800LL * FC_US_PER_S - FC_SEOUL_OFFSET_US - 1)

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;

    return a % b < 0 ? quotient - 1 : quotient;
}

/*
 * Days and civil dates of the proleptic Gregorian calendar, counted in years that begin in March
 * (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct civil {
    int64_t year;
    int64_t month;
    int64_t day;
};

static struct civil civil_from_days(int64_t days)
{
    days += 719468;
    int64_t era = floor_div(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);

    return (struct civil){year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
                          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

struct fc_day fc_day_seoul(struct fc_instant at)
{
    return (struct fc_day){(int32_t)floor_div(at.us + FC_SEOUL_OFFSET_US, FC_US_PER_DAY)};
}

struct fc_instant fc_day_seoul_begin(struct fc_day day)
{
    return (struct fc_instant){day.days * FC_US_PER_DAY - FC_SEOUL_OFFSET_US};
}

static void digits_set(char *text, int64_t value, int count)
{
    uint32_t left = (uint32_t)value;

    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + left % 10);
        left /= 10;
    }
}

void fc_day_text(struct fc_day day, char ret_text[FC_DAY_TEXT_BYTES])
{
    struct civil date = civil_from_days(day.days);

    FC_ASSERT(date.year >= 0);
    digits_set(ret_text, date.year, 4);
    ret_text[4] = '-';
    digits_set(ret_text + 5, date.month, 2);
    ret_text[7] = '-';
    digits_set(ret_text + 8, date.day, 2);
}

void fc_day_put(struct fc_buf *buf, struct fc_day day)
{
    char *text = fc_buf_take(buf, FC_DAY_TEXT_BYTES);

    if (text != NULL)
        fc_day_text(day, text);
}

void fc_instant_text(struct fc_instant at, char ret_text[FC_INSTANT_TEXT_BYTES])
{
    int64_t days = floor_div(at.us, FC_US_PER_DAY);
    int64_t us = at.us - days * FC_US_PER_DAY;
    int64_t second = us / FC_US_PER_S;

    fc_day_text((struct fc_day){(int32_t)days}, ret_text);
    ret_text[10] = 'T';
    digits_set(ret_text + 11, second / 3600, 2);
    ret_text[13] = ':';
    digits_set(ret_text + 14, second / 60 % 60, 2);
    ret_text[16] = ':';
    digits_set(ret_text + 17, second % 60, 2);
    ret_text[19] = '.';
    digits_set(ret_text + 20, us % FC_US_PER_S, 6);
    ret_text[26] = 'Z';
}

void fc_instant_put(struct fc_buf *buf, struct fc_instant at)
{
    char *text = fc_buf_take(buf, FC_INSTANT_TEXT_BYTES);

    if (text != NULL)
        fc_instant_text(at, text);
}

/* Exactly `count` digits at the head of `text`, which moves behind them. */
static bool take_digits(struct fc_str *text, size_t count, int64_t *ret_value)
{
    struct fc_str head = {text->ptr, count};

    if (text->len < count || head.ptr[0] == '-')
        return false;
    if (!fc_str_to_i64(head, 0, INT64_MAX, ret_value))
        return false;
    text->ptr += count;
    text->len -= count;
    return true;
}

static bool take_char(struct fc_str *text, char wanted)
{
    if (text->len == 0 || text->ptr[0] != wanted)
        return false;
    text->ptr++;
    text->len--;
    return true;
}

static bool take_day(struct fc_str *text, struct fc_day *ret_day)
{
    int64_t year;
    int64_t month;
    int64_t day;

    if (!take_digits(text, 4, &year) || !take_char(text, '-') || !take_digits(text, 2, &month) ||
        !take_char(text, '-') || !take_digits(text, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    int64_t days = days_from_civil(year, month, day);

    /* The 31st of June comes back as the 1st of July. */
    if (civil_from_days(days).day != day)
        return false;
    ret_day->days = (int32_t)days;
    return true;
}

static bool take_time(struct fc_str *text, int64_t *ret_us)
{
    int64_t hour;
    int64_t minute;
    int64_t second;
    int64_t us = 0;

    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute) ||
        !take_char(text, ':') || !take_digits(text, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (take_char(text, '.')) {
        int64_t digit;
        int64_t scale = FC_US_PER_S / 10;

        if (!take_digits(text, 1, &digit))
            return false;
        do {
            us += digit * scale;
            scale /= 10;
        } while (take_digits(text, 1, &digit));
    }
    if (second == 60)
        second = 59;
    *ret_us = ((hour * 60 + minute) * 60 + second) * FC_US_PER_S + us;
    return true;
}

static bool take_offset(struct fc_str *text, int64_t *ret_us)
{
    int64_t hour;
    int64_t minute;

    if (take_char(text, 'Z') || take_char(text, 'z')) {
        *ret_us = 0;
        return true;
    }
    bool west = take_char(text, '-');

    if (!west && !take_char(text, '+'))
        return false;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute))
        return false;
    if (hour > 23 || minute > 59)
        return false;
    *ret_us = (hour * 60 + minute) * 60 * FC_US_PER_S * (west ? -1 : 1);
    return true;
}

bool fc_instant_parse(struct fc_str text, struct fc_instant *ret_at)
{
    struct fc_day day;
    int64_t us;
    int64_t offset_us;

    if (!take_day(&text, &day))
        return false;
    if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
        return false;
    if (!take_time(&text, &us) || !take_offset(&text, &offset_us) || text.len != 0)
        return false;
    int64_t at_us = day.days * FC_US_PER_DAY + us - offset_us;

    /* An offset may lead into the year 0000 or 10000, which cannot be written. */
    if (at_us < INSTANT_US_MIN || at_us > INSTANT_US_MAX)
        return false;
    ret_at->us = at_us;
    return true;
}

bool fc_day_parse(struct fc_str text, struct fc_day *ret_day)
{
    struct fc_day day;

    if (!take_day(&text, &day) || text.len != 0)
        return false;
    *ret_day = day;
    return true;
}
