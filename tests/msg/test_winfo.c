/*
 * tests/msg/test_winfo.c - watcher information documents.
 *
 * Source:  RFC 3858 §3, §5 (example).
 */
#include "nodes/msg/winfo.h"

static void test_written_is_read(void)
{
    char out[2048];
    WinfoWatcher watchers[] = {
        { TEXT("77ajsyy76"), TEXT("sip:bob@home.example"), TEXT_NONE, WINFO_PENDING, WINFO_SUBSCRIBE, 0, 3600 },
        { TEXT("w2"), TEXT("sip:c&d@x"), TEXT("\"Carol\" <x>"), WINFO_TERMINATED, WINFO_NORESOURCE, 17,
          WINFO_UNSTATED },
    };
    WinfoList lists[] = { { TEXT("sip:alice@home.example"), TEXT("presence"), watchers, 2 },
                          { TEXT("sip:alice2@home.example"), TEXT("presence"), NULL, 0 } };
    WinfoDoc doc = { .version = 3, .full = false, .list = lists, .n_lists = 2 };
    size_t len = winfo_write(&doc, out, sizeof out);
    g_autoptr(Winfo) winfo = NULL;
    g_assert_cmpint(winfo_parse(out, len, &winfo, NULL), ==, WINFO_OK);
    const WinfoDoc *back = winfo_doc(winfo);
    g_assert_cmpuint(back->version, ==, 3);
    g_assert_false(back->full);
    g_assert_cmpuint(back->n_lists, ==, 2);
    g_assert_true(text_equal(back->list[0].resource, lists[0].resource));
    g_assert_cmpuint(back->list[0].n_watchers, ==, 2);
    g_assert_cmpuint(back->list[1].n_watchers, ==, 0);
    for (unsigned i = 0; i < 2; i++) {
        const WinfoWatcher *got = &back->list[0].watcher[i];
        g_assert_true(text_equal(got->id, watchers[i].id) && text_equal(got->uri, watchers[i].uri));
        g_assert_true(text_equal(got->display_name, watchers[i].display_name));
        g_assert_cmpint(got->status, ==, watchers[i].status);
        g_assert_cmpint(got->event, ==, watchers[i].event);
        g_assert_cmpint(got->duration_subscribed, ==, watchers[i].duration_subscribed);
        g_assert_cmpint(got->expiration, ==, watchers[i].expiration);
    }
    g_assert_cmpuint(winfo_write(&doc, out, len - 1), ==, 0);
}

/* RFC 3858 §5 */
static void test_rfc_example(void)
{
    static const char text[] =
        "<?xml version=\"1.0\"?>\n<watcherinfo xmlns=\"" WINFO_NS "\"\n version=\"0\" state=\"full\">\n"
        "<watcher-list resource=\"sip:professor@example.net\" package=\"presence\">\n"
        "<watcher status=\"active\" id=\"8ajksjda7s\" duration-subscribed=\"509\" event=\"approved\">"
        "sip:userA@example.net</watcher>\n"
        "<watcher status=\"pending\" id=\"hh8juja87s997-ass7\" display-name=\"Mr. Subscriber\" event=\"subscribe\">"
        "sip:userB@example.org</watcher>\n<x:more xmlns:x=\"urn:x\"/></watcher-list></watcherinfo>";
    g_autoptr(Winfo) winfo = NULL;
    g_assert_cmpint(winfo_parse(text, strlen(text), &winfo, NULL), ==, WINFO_OK);
    const WinfoList *list = winfo_doc(winfo)->list;
    g_assert_cmpuint(list->n_watchers, ==, 2);
    g_assert_cmpint(list->watcher[0].duration_subscribed, ==, 509);
    g_assert_cmpint(list->watcher[0].status, ==, WINFO_ACTIVE);
    g_assert_true(text_is(list->watcher[1].display_name, "Mr. Subscriber"));
    g_assert_cmpint(list->watcher[1].expiration, ==, WINFO_UNSTATED);
}

#define HEAD "<watcherinfo xmlns='" WINFO_NS "' version='0' state='full'>"
#define LIST "<watcher-list resource='sip:a@b' package='presence'>"
#define TAIL "</watcher-list></watcherinfo>"

static void test_refused_by_cause(void)
{
    static const struct {
        const char *text;
        WinfoResult result;
    } bad[] = {
        { "<watcherinfo", WINFO_NOT_XML },
        { "<!DOCTYPE watcherinfo>" HEAD "</watcherinfo>", WINFO_NOT_XML },
        { "<watcherinfo version='0' state='full'/>", WINFO_NOT_WINFO },
        { "<watcherinfo xmlns='" WINFO_NS "' state='full'/>", WINFO_NOT_WINFO },
        { "<watcherinfo xmlns='" WINFO_NS "' version='-1' state='full'/>", WINFO_NOT_WINFO },
        { "<watcherinfo xmlns='" WINFO_NS "' version='4294967296' state='full'/>", WINFO_NOT_WINFO },
        { "<watcherinfo xmlns='" WINFO_NS "' version='0' state='half'/>", WINFO_NOT_WINFO },
        { HEAD "<watcher-list package='presence'/></watcherinfo>", WINFO_BAD_LIST },
        { HEAD LIST "<watcher id='1' status='active'>sip:w@b</watcher>" TAIL, WINFO_BAD_WATCHER },
        { HEAD LIST "<watcher status='active' event='approved'>sip:w@b</watcher>" TAIL, WINFO_BAD_WATCHER },
        { HEAD LIST "<watcher id='1' status='gone' event='approved'>sip:w@b</watcher>" TAIL, WINFO_BAD_WATCHER },
        { HEAD LIST "<watcher id='1' status='active' event='approved'/>" TAIL, WINFO_BAD_WATCHER },
        { HEAD LIST "<watcher id='1' status='active' event='approved' expiration='soon'>sip:w@b</watcher>" TAIL,
          WINFO_BAD_WATCHER },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Winfo *winfo = NULL;
        g_autoptr(GString) errors = g_string_new(NULL);
        g_assert_cmpint(winfo_parse(bad[i].text, strlen(bad[i].text), &winfo, errors), ==, bad[i].result);
        g_assert_null(winfo);
        g_assert_cmpuint(errors->len, >, 0);
    }
}

static void test_empty_lists(void)
{
    static const char text[] = HEAD LIST "</watcher-list>" LIST TAIL;
    g_autoptr(Winfo) winfo = NULL;
    g_assert_cmpint(winfo_parse(text, strlen(text), &winfo, NULL), ==, WINFO_OK);
    g_assert_cmpuint(winfo_doc(winfo)->n_lists, ==, 2);
    g_assert_cmpuint(winfo_doc(winfo)->list[1].n_watchers, ==, 0);
}

static void test_too_many_lists(void)
{
    g_autoptr(GString) text = g_string_new(HEAD);
    for (unsigned i = 0; i <= WINFO_LISTS_MAX; i++)
        g_string_append(text, LIST "</watcher-list>");
    g_string_append(text, "</watcherinfo>");
    Winfo *winfo = NULL;
    g_assert_cmpint(winfo_parse(text->str, text->len, &winfo, NULL), ==, WINFO_TOO_MANY);
}

static void test_describe(void)
{
    static const char good[] = HEAD LIST "<watcher id='1' status='active' event='approved'>sip:w@b</watcher>" TAIL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(winfo_describe((const uint8_t *)good, strlen(good), out));
    g_assert_cmpstr(out->str, ==,
                    "watcher information, version 0, full\n  of sip:a@b, package presence\n"
                    "    sip:w@b (1): active, event approved\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/winfo/what-is-written-is-read", test_written_is_read);
    g_test_add_func("/msg/winfo/rfc-3858-example", test_rfc_example);
    g_test_add_func("/msg/winfo/refused-by-cause", test_refused_by_cause);
    g_test_add_func("/msg/winfo/lists-may-be-empty", test_empty_lists);
    g_test_add_func("/msg/winfo/too-many-lists", test_too_many_lists);
    g_test_add_func("/msg/winfo/describe", test_describe);
    return g_test_run();
}
