# SPDX-License-Identifier: Apache-2.0
"""Archives as programs of other countries write them: names in the encoding of the place, bit 11
clear, no extra field."""
import struct
import zlib


def write_zip(path, names):
    """One small stored member a name (bytes)."""
    local, central = b"", b""
    for number, name in enumerate(names):
        content = b"%d\n" % number
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x5821, zlib.crc32(content), len(content),
                             len(content), len(name), 0)
        central += (b"PK\x01\x02" + struct.pack("<H", 20) + fields +
                    struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + name)
        local += b"PK\x03\x04" + fields + name + content
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central), len(local), 0)
    path.write_bytes(local + central + b"PK\x05\x06" + end)
