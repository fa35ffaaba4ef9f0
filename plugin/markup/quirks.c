/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: the initial insertion mode, which doctypes put a document into quirks mode. It matters to
 * the tree for one thing: a table in quirks mode does not close a paragraph. */
#include "markup/tree.h"

static const str quirky_public_ids[] = {
    STR_INIT("-//W3O//DTD W3 HTML Strict 3.0//EN//"),
    STR_INIT("-/W3C/DTD HTML 4.0 Transitional/EN"),
    STR_INIT("HTML"),
};

static const str quirky_public_prefixes[] = {
    STR_INIT("+//Silmaril//dtd html Pro v0r11 19970101//"),
    STR_INIT("-//AS//DTD HTML 3.0 asWedit + extensions//"),
    STR_INIT("-//AdvaSoft Ltd//DTD HTML 3.0 asWedit + extensions//"),
    STR_INIT("-//IETF//DTD HTML 2.0 Level 1//"),
    STR_INIT("-//IETF//DTD HTML 2.0 Level 2//"),
    STR_INIT("-//IETF//DTD HTML 2.0 Strict Level 1//"),
    STR_INIT("-//IETF//DTD HTML 2.0 Strict Level 2//"),
    STR_INIT("-//IETF//DTD HTML 2.0 Strict//"),
    STR_INIT("-//IETF//DTD HTML 2.0//"),
    STR_INIT("-//IETF//DTD HTML 2.1E//"),
    STR_INIT("-//IETF//DTD HTML 3.0//"),
    STR_INIT("-//IETF//DTD HTML 3.2 Final//"),
    STR_INIT("-//IETF//DTD HTML 3.2//"),
    STR_INIT("-//IETF//DTD HTML 3//"),
    STR_INIT("-//IETF//DTD HTML Level 0//"),
    STR_INIT("-//IETF//DTD HTML Level 1//"),
    STR_INIT("-//IETF//DTD HTML Level 2//"),
    STR_INIT("-//IETF//DTD HTML Level 3//"),
    STR_INIT("-//IETF//DTD HTML Strict Level 0//"),
    STR_INIT("-//IETF//DTD HTML Strict Level 1//"),
    STR_INIT("-//IETF//DTD HTML Strict Level 2//"),
    STR_INIT("-//IETF//DTD HTML Strict Level 3//"),
    STR_INIT("-//IETF//DTD HTML Strict//"),
    STR_INIT("-//IETF//DTD HTML//"),
    STR_INIT("-//Metrius//DTD Metrius Presentational//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 2.0 HTML Strict//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 2.0 HTML//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 2.0 Tables//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 3.0 HTML Strict//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 3.0 HTML//"),
    STR_INIT("-//Microsoft//DTD Internet Explorer 3.0 Tables//"),
    STR_INIT("-//Netscape Comm. Corp.//DTD HTML//"),
    STR_INIT("-//Netscape Comm. Corp.//DTD Strict HTML//"),
    STR_INIT("-//O'Reilly and Associates//DTD HTML 2.0//"),
    STR_INIT("-//O'Reilly and Associates//DTD HTML Extended 1.0//"),
    STR_INIT("-//O'Reilly and Associates//DTD HTML Extended Relaxed 1.0//"),
    STR_INIT("-//SQ//DTD HTML 2.0 HoTMetaL + extensions//"),
    STR_INIT("-//SoftQuad Software//DTD HoTMetaL PRO 6.0::19990601::extensions to HTML 4.0//"),
    STR_INIT("-//SoftQuad//DTD HoTMetaL PRO 4.0::19971010::extensions to HTML 4.0//"),
    STR_INIT("-//Spyglass//DTD HTML 2.0 Extended//"),
    STR_INIT("-//Sun Microsystems Corp.//DTD HotJava HTML//"),
    STR_INIT("-//Sun Microsystems Corp.//DTD HotJava Strict HTML//"),
    STR_INIT("-//W3C//DTD HTML 3 1995-03-24//"),
    STR_INIT("-//W3C//DTD HTML 3.2 Draft//"),
    STR_INIT("-//W3C//DTD HTML 3.2 Final//"),
    STR_INIT("-//W3C//DTD HTML 3.2//"),
    STR_INIT("-//W3C//DTD HTML 3.2S Draft//"),
    STR_INIT("-//W3C//DTD HTML 4.0 Frameset//"),
    STR_INIT("-//W3C//DTD HTML 4.0 Transitional//"),
    STR_INIT("-//W3C//DTD HTML Experimental 19960712//"),
    STR_INIT("-//W3C//DTD HTML Experimental 970421//"),
    STR_INIT("-//W3C//DTD W3 HTML//"),
    STR_INIT("-//W3O//DTD W3 HTML 3.0//"),
    STR_INIT("-//WebTechs//DTD Mozilla HTML 2.0//"),
    STR_INIT("-//WebTechs//DTD Mozilla HTML//"),
};

static bool starts_ignoring_case(str s, str prefix)
{
    return str_equal_ignoring_ascii_case(str_slice(s, 0, prefix.len), prefix);
}

static bool public_id_is_quirky(str id)
{
    for (size_t i = 0; i < sizeof quirky_public_ids / sizeof *quirky_public_ids; i++) {
        if (str_equal_ignoring_ascii_case(id, quirky_public_ids[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof quirky_public_prefixes / sizeof *quirky_public_prefixes; i++) {
        if (starts_ignoring_case(id, quirky_public_prefixes[i])) {
            return true;
        }
    }
    return false;
}

bool doctype_is_quirky(const struct token *token)
{
    if (token->force_quirks || !str_equal(token->name, STR("html")) ||
        public_id_is_quirky(token->public_id)) {
        return true;
    }
    if (!token->has_system_id) {
        return starts_ignoring_case(token->public_id, STR("-//W3C//DTD HTML 4.01 Frameset//")) ||
               starts_ignoring_case(token->public_id, STR("-//W3C//DTD HTML 4.01 Transitional//"));
    }
    return str_equal_ignoring_ascii_case(
        token->system_id, STR("http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"));
}
