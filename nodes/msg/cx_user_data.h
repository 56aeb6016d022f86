/*
 * nodes/msg/cx_user_data.h - what the HSS tells the S-CSCF about a subscriber: the implicit registration set and the
 * initial filter criteria, as the XML in Cx User-Data.
 *
 * Source:  TS 29.228 Annex B (UML), Annex E (schema); TS 23.218 §5.2 (filter criteria).
 * Knows:   one IMSSubscription with one ServiceProfile.  Shared filter sets and core network service authorisation are
 * left out.
 */
#ifndef PRESEC_NODES_MSG_CX_USER_DATA_H
#define PRESEC_NODES_MSG_CX_USER_DATA_H

#include "nodes/msg/text.h"

enum { CX_IMPUS_MAX = 8, CX_FILTERS_MAX = 4, CX_TRIGGERS_MAX = 8, CX_URI_MAX = 256, CX_PATTERN_MAX = 64 };

typedef enum { CX_TRIGGER_METHOD, CX_TRIGGER_HEADER, CX_TRIGGER_SESSION_CASE, CX_TRIGGER_REQUEST_URI } CxTriggerKind;
typedef enum { CX_ORIGINATING, CX_TERMINATING_REGISTERED, CX_TERMINATING_UNREGISTERED } CxSessionCase;

/* One service point trigger. */
typedef struct CxTrigger {
    bool negated;
    uint32_t group;
    CxTriggerKind kind;
    CxSessionCase session_case;
    char pattern[CX_PATTERN_MAX]; /* the method, the header's name, or the Request-URI */
    char content[CX_PATTERN_MAX]; /* of the header; "" = any */
} CxTrigger;

typedef struct CxFilter {
    uint32_t priority;   /* low first */
    bool conjunctive;    /* ConditionTypeCNF: groups are ANDed, triggers of a group ORed; else the other way round */
    unsigned n_triggers; /* 0: always */
    CxTrigger trigger[CX_TRIGGERS_MAX];
    char server[CX_URI_MAX];   /* SIP URI of the application server */
    bool terminate_by_default; /* DefaultHandling 1 SESSION_TERMINATED, when the server does not answer */
} CxFilter;

typedef struct CxUserData {
    char impi[CX_URI_MAX];
    unsigned n_impus; /* at least 1; the first not barred one is the default */
    char impu[CX_IMPUS_MAX][CX_URI_MAX];
    bool barred[CX_IMPUS_MAX];
    unsigned n_filters; /* in order of priority when parsed */
    CxFilter filter[CX_FILTERS_MAX];
} CxUserData;

/** Octets written, without a NUL; 0: @data does not fit into @cap. */
size_t cx_user_data_write(const CxUserData *data, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;
/** False: not a document we can use; @errors (may be NULL) gets a line for each reason. */
bool cx_user_data_parse(Text xml, CxUserData *out, GString *errors) G_GNUC_WARN_UNUSED_RESULT;

/* What a filter may ask about a request. */
typedef struct CxRequest {
    Text method;
    Text request_uri;
    CxSessionCase session_case;
    /* The header's value by name, absent if there is none. */
    Text (*header)(const void *message, Text name);
    const void *message;
} CxRequest;

/**
 * Does the application server of this filter get the request?  TS 23.218 §5.2.2.
 *
 * DEVIATION: TS 29.228 makes header content a regular expression; here it is compared literally with the value up to a
 * `;`, without regard to case.
 */
bool cx_filter_matches(const CxFilter *filter, const CxRequest *request);

#endif
