/* SPDX-License-Identifier: Apache-2.0 */
/* The indexes of the Encoding Standard as arrays: one code point a pointer, 0 where there is none.
 * Made by tables/generate.py; those of other encodings by tables/generate_legacy.py. */
#ifndef TEXT_TABLES_H
#define TEXT_TABLES_H

#include <stdint.h>

enum {
    INDEX_DOUBLE_COUNT = 126 * 190, /* gb18030 and EUC-KR: leads 81–FE, 190 trails */
    INDEX_BIG5_COUNT = 126 * 157,
    INDEX_JIS0208_COUNT = 11280, /* Shift_JIS reaches pointers beyond 94 * 94 */
    INDEX_JIS0212_COUNT = 94 * 94,
    INDEX_CNS11643_COUNT = 8 * 94 * 94,
    INDEX_ISO_IR_165_COUNT = 94 * 94
};

extern const uint16_t index_gb18030[INDEX_DOUBLE_COUNT];
extern const uint16_t index_euc_kr[INDEX_DOUBLE_COUNT];
extern const uint16_t index_jis0208[INDEX_JIS0208_COUNT];
extern const uint16_t index_jis0212[INDEX_JIS0212_COUNT];

/* The low 16 bits, and a bit a pointer for the code points of plane 2. */
extern const uint16_t index_big5[INDEX_BIG5_COUNT];
extern const uint32_t index_big5_plane2[(INDEX_BIG5_COUNT + 31) / 32];

/* Planes 1 to 7 and 15, split as Big5 is. */
extern const uint16_t index_cns11643[INDEX_CNS11643_COUNT];
extern const uint32_t index_cns11643_plane2[(INDEX_CNS11643_COUNT + 31) / 32];

extern const uint16_t index_iso_ir_165[INDEX_ISO_IR_165_COUNT];

#define SINGLE(name) extern const uint16_t single_##name[128]
SINGLE(ibm866);
SINGLE(iso_8859_2);
SINGLE(iso_8859_3);
SINGLE(iso_8859_4);
SINGLE(iso_8859_5);
SINGLE(iso_8859_6);
SINGLE(iso_8859_7);
SINGLE(iso_8859_8);
SINGLE(iso_8859_10);
SINGLE(iso_8859_13);
SINGLE(iso_8859_14);
SINGLE(iso_8859_15);
SINGLE(iso_8859_16);
SINGLE(koi8_r);
SINGLE(koi8_u);
SINGLE(macintosh);
SINGLE(windows_874);
SINGLE(windows_1250);
SINGLE(windows_1251);
SINGLE(windows_1252);
SINGLE(windows_1253);
SINGLE(windows_1254);
SINGLE(windows_1255);
SINGLE(windows_1256);
SINGLE(windows_1257);
SINGLE(windows_1258);
SINGLE(x_mac_cyrillic);

/* Not in the Encoding Standard. */
SINGLE(ibm437);
SINGLE(ibm720);
SINGLE(ibm737);
SINGLE(ibm775);
SINGLE(ibm850);
SINGLE(ibm852);
SINGLE(ibm855);
SINGLE(ibm857);
SINGLE(ibm858);
SINGLE(ibm860);
SINGLE(ibm861);
SINGLE(ibm862);
SINGLE(ibm863);
SINGLE(ibm864);
SINGLE(ibm865);
SINGLE(ibm869);
SINGLE(ibm1125);
SINGLE(x_mac_ce);
SINGLE(x_mac_croatian);
SINGLE(x_mac_greek);
SINGLE(x_mac_icelandic);
SINGLE(x_mac_romanian);
SINGLE(x_mac_turkish);
SINGLE(x_mac_arabic);
SINGLE(x_mac_farsi);
SINGLE(x_mac_hebrew);
SINGLE(x_mac_thai);
SINGLE(koi8_t);
SINGLE(armscii_8);
SINGLE(georgian_ps);
SINGLE(georgian_academy);
SINGLE(ptcp154);
SINGLE(kz_1048);
SINGLE(mik);
SINGLE(iso_8859_9e);
SINGLE(hp_roman8);
SINGLE(nextstep);
SINGLE(ibm1006);
#undef SINGLE

/* All 256 bytes: the lower half is not ASCII. */
#define WHOLE(name) extern const uint16_t single_##name[256]
WHOLE(ibm037);
WHOLE(ibm273);
WHOLE(ibm424);
WHOLE(ibm500);
WHOLE(ibm1026);
WHOLE(ibm1047);
WHOLE(ibm1140);
WHOLE(viscii);
WHOLE(tcvn);
#undef WHOLE

#endif
